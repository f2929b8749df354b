"""The gap between training and validation accuracy: a table, and its course over the epochs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.ticker import MaxNLocator

from gridpress.report.analysis.overfitting import by_configuration, final, gaps
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, style
from gridpress.report.presentation.items import Figure, Item
from gridpress.report.presentation.names import configuration, points, shown
from gridpress.report.presentation.tables import Column, interval, leading, table, words
from gridpress.stats.intervals import mean_interval

OPTIMIZERS = {"sgd": "solid: SGD", "adam": "dashed: Adam"}


def train_validation_gaps(study: Study) -> Iterator[Item]:
    """A table per dataset and network at the end, and the gap of every run over the epochs."""
    history = gaps(study)
    if history.empty:
        return
    at_the_end = final(study)
    sources = study.sources("train", history["key"])
    if not at_the_end.empty:
        yield _table(study, gaps_by_network(study, at_the_end), sources)
    last = history.groupby("key", sort=False).tail(1)
    widest = rows_of(last)[int(last["gap"].argmax())]
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
        draw=partial(_draw, study, history),
    )


def gaps_by_network(study: Study, at_the_end: pd.DataFrame) -> pd.DataFrame:
    """Per dataset and network: the mean gap at the end with its interval, and the widest.

    Args:
        study: names what varies.
        at_the_end: rows of `gaps`, one per run.
    """
    rows = []
    for (dataset, model), here in at_the_end.groupby(["dataset", "model"], sort=False):
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
    kept = " (with early stopping: the epoch kept)" if study.stops_early else ""
    return table(
        "overfitting",
        (
            f"Training minus validation accuracy after the last epoch{kept}, in points: mean over the runs "
            f"of a network with its 95 % t interval{over}, and the run with the widest gap."
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


def _draw(study: Study, history: pd.DataFrame) -> matplotlib.figure.Figure:
    """A panel per dataset and network, a line per run.

    Args:
        study: its datasets and networks.
        history: columns key, dataset, model, optimizer, epoch, gap (a share).
    """
    datasets, models = study.datasets, study.params.train.grid.model
    figure, grid = plt.subplots(
        len(datasets),
        len(models),
        figsize=(style.TEXT_WIDTH, 0.6 + 1.5 * len(datasets)),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    for row, dataset in enumerate(datasets):
        for place, model in enumerate(models):
            axes = grid[row, place]
            here = history[(history["dataset"] == dataset) & (history["model"] == model)]
            for _, run in here.groupby("key", sort=False):
                dash = style.DASHES[encoding.OPTIMIZERS.index(run["optimizer"].iloc[0])]
                axes.plot(
                    run["epoch"],
                    100 * run["gap"],
                    dash,
                    color=encoding.colour(model),
                    lw=1,
                    marker="o",
                    ms=2.5,
                )
            axes.axhline(0, color=style.SOFT, lw=0.8)
            axes.set_title(f"{study.title(dataset)}, {shown(model)}", fontsize=style.SMALL_SIZE)
            axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
            axes.grid(visible=True, axis="y")
    figure.supxlabel("Epoch", fontsize=style.FONT_SIZE)
    figure.supylabel("Gap (points)", fontsize=style.FONT_SIZE)
    return figure
