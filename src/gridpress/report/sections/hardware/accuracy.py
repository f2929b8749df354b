"""Accuracy of the networks that the study trained, where hardware figures stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from gridpress.networks.building.architecture import Architecture
from gridpress.report.analysis.best import accuracy_interval, seeds_of
from gridpress.report.data.frames import MEASURED, mark_chosen, rows_of
from gridpress.report.data.study import Study
from gridpress.stats.intervals import Interval


@dataclass(frozen=True)
class Trained:
    """The configuration that validation chose for a network, an optimizer and a precision.

    `accuracy` is on the test images, over its seeds; `seconds` and `epochs` are of its training, means too.
    """

    dataset: str
    model: str
    optimizer: str
    precision: str
    device: str
    threads: int
    accuracy: float
    interval: Interval
    architecture: Architecture
    epochs: float
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
            architecture=_architecture(study, row["dataset"], row["model"], row["recipe"]),
            epochs=fmean(seed.tested.trained or 0 for seed in seeds_of(study, row)),
            seconds=row["training_seconds"],
            keys=row["keys"],
        )
        for row in rows_of(chosen[chosen["state"] == MEASURED])
    ]


def _architecture(study: Study, dataset: str, model: str, recipe: str) -> Architecture:
    """A network as a recipe trains it, with random weights: which ones does not change what it costs."""
    train, classes = study.params.train, len(study.classes(dataset))
    return Architecture(model, train.channels, classes, train.image_size, study.params.recipes[recipe].stem)


def sources(study: Study, found: Sequence[Trained]) -> list[str]:
    """Their records."""
    return study.sources("train", [tuple(entry.keys) for entry in found])
