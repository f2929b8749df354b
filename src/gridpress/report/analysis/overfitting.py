"""How far training accuracy runs ahead of validation accuracy, and which trainings broke down."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import configuration
from gridpress.study.grid import CONFIGURATION

FAR = 0.05  # of validation accuracy: no noise of an epoch, but a training that broke down


def gaps(study: Study) -> pd.DataFrame:
    """History with `gap`, training minus validation accuracy."""
    return study.history.assign(gap=study.history["train_accuracy"] - study.history["validation_accuracy"])


def final(study: Study) -> pd.DataFrame:
    """The rows of `gaps` at the end: after the last epoch, or the one that early stopping kept.

    A run that diverged has none, unless early stopping had kept an epoch.
    """
    rows = gaps(study)
    ends = {key: record.stopped or record.epochs for key, record in study.train.items()}
    return rows[rows["epoch"] == rows["key"].map(ends)]


def by_configuration(rows: pd.DataFrame, value: str) -> pd.Series[float]:
    """Means over the seeds of each configuration: runs that differ in seed alone are no sample of others."""
    return rows.groupby(list(CONFIGURATION), sort=False)[value].mean()


@dataclass(frozen=True)
class Fallen:
    """A run whose last validation accuracy, or the one kept, is far below that of its best epoch."""

    dataset: str
    words: str
    best: float
    last: float


def fallen(study: Study) -> list[Fallen]:
    """Runs that lost more than `FAR` after their best epoch, as an optimizer that overshoots makes them.

    With early stopping the epoch that it kept counts, not what came after it.
    """
    found = []
    for key, here in study.history.groupby("key", sort=False):
        rows = rows_of(here.sort_values("epoch"))
        end = rows[(study.train[str(key)].stopped or len(rows)) - 1]
        best, last = max(row["validation_accuracy"] for row in rows), end["validation_accuracy"]
        if best - last > FAR:
            words = configuration(end, ["model", *study.run_axes])
            found.append(Fallen(end["dataset"], words, best, last))
    return found
