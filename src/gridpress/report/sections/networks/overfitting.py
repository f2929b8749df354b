"""How far training accuracy runs ahead of validation accuracy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Figure, Item
from gridpress.report.presentation.names import configuration, points
from gridpress.report.presentation.tables import Column, interval, leading, table, words
from gridpress.report.sections.networks.overfitting_plot import draw
from gridpress.stats.intervals import mean_interval
from gridpress.study.grid import CONFIGURATION

FAR = 0.05  # of validation accuracy: no noise of an epoch, but a training that broke down
OPTIMIZERS = {"sgd": "solid: SGD", "adam": "dashed: Adam"}


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


def train_validation_gaps(study: Study) -> Iterator[Item]:
    """A table per dataset and network at the last epoch, and the gap of every run over the epochs."""
    history = gaps(study)
    if history.empty:
        return
    last = history[history["epoch"] == study.params.train.epochs]
    sources = study.sources("train", history["key"])
    if not last.empty:
        yield _table(study, gaps_by_network(study, last), sources)
    final = history.groupby("key", sort=False).tail(1)
    widest = rows_of(final)[int(final["gap"].argmax())]
    yield Figure(
        name="overfitting",
        caption=(
            "Training minus validation accuracy after every epoch, one line per run; "
            f"{_optimizers(study)}. Above the line a network does better on images that it has seen."
        ),
        alt=(
            f"Line plots of the gap between training and validation accuracy. At its end it is widest for "
            f"{configuration(widest, ['model', *study.run_axes])} on {study.title(widest['dataset'])}: "
            f"{points(widest['gap'])} points."
        ),
        data=history[["key", "epoch", "gap"]],
        sources=sources,
        draw=partial(draw, study, history),
    )


def gaps_by_network(study: Study, last: pd.DataFrame) -> pd.DataFrame:
    """Per dataset and network: the mean gap after the last epoch with its interval, and the widest.

    Args:
        study: names what varies.
        last: rows of `gaps`, one per run.
    """
    rows = []
    for (dataset, model), here in last.groupby(["dataset", "model"], sort=False):
        over_configurations = mean_interval(by_configuration(here, "gap").tolist())
        widest = rows_of(here)[int(here["gap"].argmax())]
        rows.append(
            {
                "dataset": dataset,
                "model": model,
                "runs": len(here),
                "gap": here["gap"].mean(),
                "low": over_configurations.low,
                "high": over_configurations.high,
                "widest": widest["gap"],
                "configuration": configuration(widest, study.run_axes),
            }
        )
    return pd.DataFrame(rows)


def _table(study: Study, data: pd.DataFrame, sources: Sequence[str]) -> Item:
    several = len(study.params.train.grid.seed) > 1
    over = " over configurations, each the mean of its seeds" if several else ""
    return table(
        "overfitting",
        (
            "Training minus validation accuracy after the last epoch, in points: mean over the runs of a "
            f"network with its 95 % t interval{over}, and the run with the widest gap."
        ),
        data,
        [
            leading("Dataset", "dataset", study.title),
            leading("Network", "model"),
            Column(title="Runs", of="runs"),
            Column(title="Mean gap", of="gap", format=points),
            interval("low", "high", format=points),
            Column(title="Widest gap", of="widest", format=points),
            words("Where", "configuration"),
        ],
        sources,
        wide=True,
    )


def _optimizers(study: Study) -> str:
    return ", ".join(OPTIMIZERS[name] for name in study.params.train.grid.optimizer)
