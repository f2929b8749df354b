"""The test accuracy of support vector machines as a heatmap per kernel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from gridpress.families.svms import inline
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import heat
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import AXIS_TITLES, SVM_AXES, configuration, listed, shown

HEATMAPS = {  # settings in the rows, and in the columns
    "linear": ([], "C"),
    "poly": (["degree", "C"], "gamma"),
    "rbf": (["C"], "gamma"),
    "sigmoid": (["C"], "gamma"),
}


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
    words = [f"{study.title(row['dataset'])}, {configuration(row, SVM_AXES)}" for row in rows]
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
        data=here[["dataset", "kernel", *SVM_AXES, "state", "test_accuracy", "chosen_for_kernel"]],
        sources=study.sources("svm", here["key"]),
        draw=partial(heat.draw, heat.panels(placed, "chosen_for_kernel", study.title), limits),
    )


def _axis(axis: str, value: Any) -> str:
    return f"{axis if axis == 'C' else AXIS_TITLES[axis].lower()} {value:g}"
