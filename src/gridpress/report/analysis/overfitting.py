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


def by_configuration(rows: pd.DataFrame, value: str) -> pd.Series[float]:
    """Means over the seeds of each configuration: runs that differ in seed alone are no sample of others."""
    return rows.groupby(list(CONFIGURATION), sort=False)[value].mean()


@dataclass(frozen=True)
class Fallen:
    """A run whose last validation accuracy is far below that of its best epoch."""

    dataset: str
    words: str
    best: float
    last: float


def fallen(study: Study) -> list[Fallen]:
    """Runs that lost more than `FAR` after their best epoch, as an optimizer that overshoots makes them."""
    found = []
    for _, here in study.history.groupby("key", sort=False):
        rows = rows_of(here.sort_values("epoch"))
        best, last = max(row["validation_accuracy"] for row in rows), rows[-1]["validation_accuracy"]
        if best - last > FAR:
            words = configuration(rows[-1], ["model", *study.run_axes])
            found.append(Fallen(rows[-1]["dataset"], words, best, last))
    return found
