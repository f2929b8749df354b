"""Support vector machines: tables as in study A, and a heatmap per kernel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.ticker import MaxNLocator

from gridpress.families.svms import inline
from gridpress.report.data.frames import MEASURED, rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, heat, style
from gridpress.report.presentation.items import Figure, Item, Table, column, merged, number, slug
from gridpress.report.presentation.markup import MARK, Header
from gridpress.report.presentation.names import (
    ABSENT,
    AXIS_TITLES,
    configuration,
    count,
    in_seconds,
    listed,
    percent,
    seconds,
    shown,
)
from gridpress.report.sections.sources import recipes
from gridpress.stats.intervals import wilson

AXES = ("kernel", "degree", "C", "gamma")
HEATMAPS = {  # settings in the rows, and in the columns
    "linear": ([], "C"),
    "poly": (["degree", "C"], "gamma"),
    "rbf": (["C"], "gamma"),
    "sigmoid": (["C"], "gamma"),
}


def settings(row: Mapping[str, Any], axes: Sequence[str] = AXES[1:]) -> str:
    """What a machine is but for its kernel, such as `degree 2, C 0.1, gamma scale`."""
    return configuration(row, [axis for axis in axes if not pd.isna(row[axis])])


def name(row: Mapping[str, Any]) -> str:
    """A machine in words, such as `polynomial kernel, degree 2, C 0.1, gamma scale`."""
    return f"{inline(row['kernel'])} kernel, {settings(row)}"


def _degree(value: float | None) -> str:
    return ABSENT if value is None or pd.isna(value) else f"{value:.0f}"


def tables(study: Study) -> Iterator[Item]:
    """Per dataset, every machine with its accuracies, size and time."""
    for dataset, here in study.svms.groupby("dataset", sort=False):
        rows = rows_of(here)
        keys = [(shown(r["kernel"]), _degree(r["degree"]), shown(r["C"]), shown(r["gamma"])) for r in rows]
        times = in_seconds([row["fit_seconds"] for row in rows])
        body = [
            [*lead, *_values(row, time)] for lead, row, time in zip(merged(keys), rows, times, strict=True)
        ]
        titles = [
            "Train (%)",
            "Validation (%)",
            "Test (%)",
            "95 % interval",
            "Support vectors",
            "Fit time (s)",
        ]
        samples = here["train_samples"].dropna()
        trained = f" trained on {count(samples.max())} images" if not samples.empty else ""
        unfinished = here[here["converged"].eq(other=False)]
        caption = (
            f"{study.title(dataset)}: accuracies of every SVM{trained}. "
            f"{MARK} marks the one that validation chose, bold the choice for each kernel. "
            f"Fit time: with the kernel, {study.times.clock}. Every test accuracy leads to its record."
        )
        if not unfinished.empty:
            caption += (
                " Support vectors with an asterisk: the solver stopped at `max_iter` before it converged."
            )
        yield Table(
            name=slug("svm", dataset),
            caption=caption,
            data=here.drop(columns=["key", "name"]),
            sources=[
                *study.sources("svm", here["key"]),
                *study.sources("timing/svm", [key for key in here["key"] if key in study.times.svm]),
            ],
            head=[[*(Header(AXIS_TITLES[axis]) for axis in AXES), *(column(title) for title in titles)]],
            body=body,
            wide=True,
        )


def _values(row: Mapping[str, Any], time: str) -> list[Any]:
    if row["state"] != MEASURED:
        return [number(ABSENT)] * 6
    images = row["test_samples"]
    interval = wilson(images - row["wrong"], images)
    return [
        number(percent(row["train_accuracy"])),
        number(percent(row["validation_accuracy"])),
        number(
            percent(row["test_accuracy"]),
            bold=row["chosen_for_kernel"],
            marked=row["chosen"],
            link=recipes.link("svm", row["key"]),
        ),
        number(f"{percent(interval.low)} to {percent(interval.high)}"),
        number(count(row["support_vectors"]) + ("" if row["converged"] else "*")),
        number(time),
    ]


def kernel_heatmaps(study: Study) -> Iterator[Item]:
    """One figure per kernel, all on one scale."""
    table = study.svms
    limits = heat.scale(table["test_accuracy"])
    for kernel, here in table.groupby("kernel", sort=False):
        yield _heatmap(study, str(kernel), here, limits)


def _heatmap(study: Study, kernel: str, here: pd.DataFrame, limits: tuple[float, float]) -> Figure:
    axes, across = HEATMAPS[kernel]
    rows = rows_of(here)
    placed = here.assign(
        row=[", ".join(_axis(axis, row[axis]) for axis in axes) or shown(kernel) for row in rows],
        column=[f"{across} {shown(row[across])}" for row in rows],
    )
    words = [f"{study.title(row['dataset'])}, {settings(row)}" for row in rows]
    others = [inline(str(other)) for other in study.svms["kernel"].unique() if other != kernel]
    scale = f", on the same scale as for the {listed(others)} kernel" if others else ""
    return Figure(
        name=slug("svm", kernel),
        caption=(
            f"{shown(kernel)} kernel: test accuracy in percent{scale}. "
            "A frame marks the choice of validation for this kernel."
        ),
        alt=(
            f"Heatmap of the test accuracy of the {inline(kernel)} kernel. "
            f"{heat.extremes(here['test_accuracy'], words)}"
        ),
        data=here[["dataset", *AXES, "state", "test_accuracy", "chosen_for_kernel"]],
        sources=study.sources("svm", here["key"]),
        draw=partial(heat.draw, heat.panels(placed, "chosen_for_kernel", study.title), limits),
    )


def _axis(axis: str, value: Any) -> str:
    return f"{axis if axis == 'C' else AXIS_TITLES[axis].lower()} {value:g}"


def accuracy_and_fit_time(study: Study) -> Iterator[Item]:
    """What a machine's accuracy costs in time to fit."""
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
        data=table[["dataset", *AXES, "test_accuracy", "fit_seconds"]],
        sources=[*study.sources("svm", table["key"]), *study.sources("timing/svm", table["key"])],
        draw=partial(_draw_time, study, table),
    )


def _draw_time(study: Study, table: pd.DataFrame) -> matplotlib.figure.Figure:
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
