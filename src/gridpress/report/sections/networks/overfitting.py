"""How far training accuracy runs ahead of validation accuracy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.ticker import MaxNLocator

from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, style
from gridpress.report.presentation.items import Figure, Item, Table, column, merged, number
from gridpress.report.presentation.markup import Cell, Header
from gridpress.report.presentation.names import configuration, points, shown
from gridpress.stats.intervals import mean_interval
from gridpress.study.grid import CONFIGURATION

FAR = 0.05  # of validation accuracy: no noise of an epoch, but a training that broke down


def gaps(study: Study) -> pd.DataFrame:
    """History with `gap`, training minus validation accuracy."""
    return study.history.assign(gap=study.history["train_accuracy"] - study.history["validation_accuracy"])


def by_configuration(rows: pd.DataFrame, value: str) -> pd.Series[float]:
    """Means over the seeds of each configuration: runs that differ in their seed alone are no sample of others."""
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


def items(study: Study) -> Iterator[Item]:
    """A table per dataset and network at the last epoch, and the gap of every run over the epochs."""
    table = gaps(study)
    if table.empty:
        return
    last = table[table["epoch"] == study.params.train.epochs]
    sources = study.sources("train", table["key"])
    if not last.empty:
        yield _table(study, last, sources)
    final = table.groupby("key", sort=False).tail(1)
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
        data=table[["key", "epoch", "gap"]],
        sources=sources,
        draw=partial(_draw, study, study.datasets, list(study.params.train.grid.model), table),
    )


def _table(study: Study, last: pd.DataFrame, sources: list[str]) -> Table:
    groups = [
        (str(dataset), str(model), here)
        for (dataset, model), here in last.groupby(["dataset", "model"], sort=False)
    ]
    rows = []
    for dataset, model, here in groups:
        interval = mean_interval(by_configuration(here, "gap").tolist())
        widest = rows_of(here)[int(here["gap"].argmax())]
        rows.append(
            {
                "dataset": dataset,
                "model": model,
                "runs": len(here),
                "gap": here["gap"].mean(),
                "low": interval.low,
                "high": interval.high,
                "widest": widest["gap"],
                "configuration": configuration(widest, study.run_axes),
            }
        )
    several = len(study.params.train.grid.seed) > 1
    over = " over configurations, each the mean of its seeds" if several else ""
    return Table(
        name="overfitting",
        caption=(
            "Training minus validation accuracy after the last epoch, in points: mean over the runs of a network "
            f"with its 95 % t interval{over}, and the run with the widest gap."
        ),
        data=pd.DataFrame(rows),
        sources=sources,
        head=[
            [
                *map(Header, ("Dataset", "Network")),
                *map(column, ("Runs", "Mean gap", "95 % interval", "Widest gap")),
                Header("Where"),
            ]
        ],
        body=[
            [
                *lead,
                number(str(row["runs"])),
                number(points(row["gap"])),
                number("–" if pd.isna(row["low"]) else f"{points(row['low'])} to {points(row['high'])}"),
                number(points(row["widest"])),
                Cell(str(row["configuration"])),
            ]
            for lead, row in zip(
                merged([(study.title(r["dataset"]), shown(r["model"])) for r in rows]), rows, strict=True
            )
        ],
        wide=True,
    )


def _optimizers(study: Study) -> str:
    words = {"sgd": "solid: SGD", "adam": "dashed: Adam"}
    return ", ".join(words[name] for name in study.params.train.grid.optimizer)


def _draw(
    study: Study, datasets: list[str], models: list[str], table: pd.DataFrame
) -> matplotlib.figure.Figure:
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
            here = table[(table["dataset"] == dataset) & (table["model"] == model)]
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
