"""Accuracy of the networks that the study trained, where hardware figures stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridpress.report.analysis.best import accuracy_interval
from gridpress.report.data.frames import MEASURED, mark_chosen, rows_of
from gridpress.report.data.study import Study
from gridpress.stats.intervals import Interval


@dataclass(frozen=True)
class Trained:
    """The configuration that validation chose for a network, an optimizer and a precision.

    `accuracy` is on the test images, over its seeds; `seconds` and `epochs` are of its training.
    """

    dataset: str
    model: str
    optimizer: str
    precision: str
    device: str
    threads: int
    accuracy: float
    interval: Interval
    epochs: int
    seconds: float
    keys: Sequence[str]


def trained(study: Study) -> list[Trained]:
    """In grid order; nothing where nothing was trained."""
    table = study.configurations
    chosen = table[mark_chosen(table, ["dataset", "model", "optimizer", "precision"], study.metric)]
    return [
        Trained(
            dataset=row["dataset"],
            model=row["model"],
            optimizer=row["optimizer"],
            precision=row["precision"],
            device=study.train[row["keys"][0]].device,
            threads=study.train[row["keys"][0]].threads,
            accuracy=row["test_accuracy"],
            interval=accuracy_interval(study, row),
            epochs=int(row["epoch"]),
            seconds=row["training_seconds"],
            keys=row["keys"],
        )
        for row in rows_of(chosen[chosen["state"] == MEASURED])
    ]


def sources(study: Study, found: Sequence[Trained]) -> list[str]:
    """Their records."""
    return study.sources("train", [tuple(entry.keys) for entry in found])
