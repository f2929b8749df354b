"""Accuracy against the time that it takes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import fmean

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.families.registry import FAMILIES
from gridpress.report.analysis.best import training_seconds
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, style
from gridpress.report.presentation.items import Figure, Item
from gridpress.report.presentation.markup import escape
from gridpress.report.presentation.names import percent, seconds, shown
from gridpress.results.selection import over_seeds


def accuracy_and_time(study: Study) -> pd.DataFrame:
    """One row per configuration in a state in which it was tested: classifier, test accuracy, seconds."""
    rows = [
        {
            "dataset": seeds[0].record.dataset,
            "classifier": family.classifier(seeds[0].record),
            "test_accuracy": fmean(seed.tested.test.accuracy for seed in seeds),
            "training_seconds": training_seconds(study, family, seeds),
        }
        for family in FAMILIES
        for seeds in over_seeds(study.records[family.stage].values())
    ]
    columns = ["dataset", "classifier", "test_accuracy", "training_seconds"]
    table = pd.DataFrame(rows, columns=columns).dropna()
    return table.sort_values("dataset", key=lambda names: names.map(study.datasets.index), kind="stable")


def frontier(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that no other beats in both accuracy and time, from fastest to slowest."""
    ordered = table.sort_values(["training_seconds", "test_accuracy"], ascending=[True, False], kind="stable")
    before = ordered["test_accuracy"].cummax().shift(fill_value=-1.0)
    return ordered[ordered["test_accuracy"] > before]


def time_accuracy_frontier(study: Study) -> Iterator[Item]:
    """Every configuration as a point, with the frontier that none is beyond."""
    table = accuracy_and_time(study)
    if table.empty:
        return
    sentences = []
    for dataset, here in table.groupby("dataset", sort=False):
        best = rows_of(frontier(here))[-1]
        sentences.append(
            f"On {study.title(dataset)} the highest test accuracy is {percent(best['test_accuracy'])} % "
            f"({shown(best['classifier'])}, {seconds(best['training_seconds'])})"
        )
    yield Figure(
        name="time",
        caption=(
            "Test accuracy against training time (networks: optimisation up to the milestone; others: fit; "
            f"{escape(study.times.clock)}). The grey line joins the points that no other beats in both."
        ),
        alt=f"Scatter plots of accuracy and training time. {'. '.join(sentences)}.",
        data=table,
        sources=[
            *(path for family in FAMILIES for path in _sources(study, family.stage)),
        ],
        draw=partial(_draw, study, table),
    )


def _sources(study: Study, stage: str) -> list[str]:
    return [
        *study.sources(stage, study.records[stage]),
        *study.sources(f"timing/{stage}", study.times.timings[stage]),
    ]


def _draw(study: Study, table: pd.DataFrame) -> matplotlib.figure.Figure:
    datasets, classifiers = (list(table[name].unique()) for name in ("dataset", "classifier"))
    figure, grid = plt.subplots(
        1, len(datasets), figsize=(style.TEXT_WIDTH, 3.0), sharex=True, sharey=True, squeeze=False
    )
    for axes, dataset in zip(grid[0], datasets, strict=True):
        here = table[table["dataset"] == dataset]
        front = frontier(here)
        axes.plot(front["training_seconds"], 100 * front["test_accuracy"], color=style.LINE, lw=3, zorder=1)
        for name in classifiers:
            part = here[here["classifier"] == name]
            axes.plot(
                part["training_seconds"],
                100 * part["test_accuracy"],
                encoding.marker(name),
                color=encoding.colour(name),
                label=shown(name),
                mec="white",
                mew=0.4,
                ms=5.5,
            )
        axes.set_xscale("log")
        axes.set_title(study.title(dataset))
        axes.grid(visible=True)
    grid[0, 0].set_ylabel("Test accuracy (%)")
    figure.supxlabel("Training time (s)", fontsize=style.FONT_SIZE)
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=min(5, len(labels)), handletextpad=0.2)
    return figure
