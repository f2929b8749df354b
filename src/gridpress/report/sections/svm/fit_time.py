"""What the accuracy of a support vector machine costs in time to fit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.ticker import MaxNLocator

from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, style
from gridpress.report.presentation.items import Figure, Item
from gridpress.report.presentation.names import SVM_AXES, percent, seconds, shown
from gridpress.report.sections.svm.svm_tables import name


def accuracy_and_fit_time(study: Study) -> Iterator[Item]:
    """One figure; none without timings."""
    table = study.svms.dropna(subset=["test_accuracy", "fit_seconds"])
    if table.empty:
        return
    fastest, slowest = table["fit_seconds"].min(), table["fit_seconds"].max()
    best = rows_of(table)[int(table["test_accuracy"].argmax())]
    yield Figure(
        name="svm-time",
        caption="Test accuracy of every SVM against the time to fit it.",
        alt=(
            f"Scatter plot: fits take {seconds(fastest)} to {seconds(slowest)}. The most accurate one "
            f"({study.title(best['dataset'])}, {name(best)}) takes {seconds(best['fit_seconds'])} "
            f"and reaches {percent(best['test_accuracy'])} %."
        ),
        data=table[["dataset", "kernel", *SVM_AXES, "test_accuracy", "fit_seconds"]],
        sources=[*study.sources("svm", table["key"]), *study.sources("timing/svm", table["key"])],
        draw=partial(_draw, study, table),
    )


def _draw(study: Study, table: pd.DataFrame) -> matplotlib.figure.Figure:
    datasets = list(table["dataset"].unique())
    figure, grid = plt.subplots(
        1, len(datasets), figsize=(style.TEXT_WIDTH, 2.6), sharex=True, sharey=True, squeeze=False
    )
    for axes, dataset in zip(grid[0], datasets, strict=True):
        here = table[table["dataset"] == dataset]
        for kernel, part in here.groupby("kernel", sort=False):
            axes.plot(
                part["fit_seconds"],
                100 * part["test_accuracy"],
                encoding.marker(str(kernel)),
                color=encoding.colour(str(kernel)),
                label=shown(kernel),
                markeredgecolor="white",
                markeredgewidth=0.5,
                markersize=6,
            )
        axes.set_title(study.title(dataset))
        axes.set_xlabel("Time to fit (s)")
        axes.grid(visible=True)
    grid[0, 0].margins(0.08)
    grid[0, 0].xaxis.set_major_locator(MaxNLocator(4))
    if table["fit_seconds"].max() > 10 * table["fit_seconds"].min():
        grid[0, 0].set_xscale("log")
    grid[0, 0].set_ylabel("Test accuracy (%)")
    grid[0, -1].legend(loc="best", handletextpad=0.2)
    return figure
