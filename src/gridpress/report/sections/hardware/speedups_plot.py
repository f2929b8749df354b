"""Speedups as bars from one, with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from gridpress.report.analysis import workloads
from gridpress.report.data.frames import rows_of
from gridpress.report.presentation import encoding, plotting, style

LABEL_ROOM = 1.6  # of the axis beyond the longest bar, as a factor, for the value


def draw(table: pd.DataFrame, absent: Sequence[str], ahead: Sequence[str]) -> matplotlib.figure.Figure:
    """A panel per kind of work, a row per target; `table` is that of `speedups.ratios`."""
    kinds, targets = (list(table[name].unique()) for name in ("work", "target"))
    models = list(table["model"].unique())
    rows = len(targets) * len(models) + len(absent)
    figure, grid = plt.subplots(
        1,
        len(kinds),
        figsize=(style.TEXT_WIDTH, min(style.PAGE_HEIGHT, 1.1 + 0.19 * rows + 0.12 * len(targets))),
        sharex=True,
        squeeze=False,
    )
    high, low = float(table["high"].max()), float(table["low"].min())
    for axes, kind in zip(grid[0], kinds, strict=True):
        axes.set_xscale("log")
        axes.set_xlim(min(low, 1) / 1.15, max(high, 1) * LABEL_ROOM)
        plotting.target_rows(axes, targets, absent, labels=axes is grid[0, 0], ahead=ahead)
        for row in rows_of(table[table["work"] == kind]):
            place = targets.index(row["target"]) + plotting.dodge(
                models.index(row["model"]), len(models), 0.86
            )
            _bar(axes, row, place, 0.7 / len(models))
        axes.axvline(1, color=style.INK, lw=0.8)
        axes.set_title("Inference" if kind == workloads.INFERENCE else f"{kind} steps")
        plotting.plain_ticks(axes.xaxis)
        axes.grid(visible=True, axis="x")
    figure.supxlabel("Speedup (times)", fontsize=style.FONT_SIZE)
    plotting.legend(figure, models)
    return figure


def _bar(axes: Axes, row: Mapping[str, Any], place: float, height: float) -> None:
    distinguishable, colour = bool(row["distinguishable"]), encoding.colour(row["model"])
    axes.barh(
        place,
        row["speedup"] - 1,
        left=1,
        height=height,
        color=colour if distinguishable else "white",
        edgecolor=colour,
        linewidth=0.8,
    )
    axes.hlines(place, row["low"], row["high"], color=style.INK, lw=0.9)
    mark = plotting.network(row["model"]) | {"markersize": 5}
    axes.plot(
        row["speedup"],
        place,
        **(mark | ({"markeredgecolor": "white"} if distinguishable else plotting.HOLLOW)),
    )
    axes.annotate(
        f"{row['speedup']:.2f}" if distinguishable else "n.d.",
        (max(row["high"], 1), place),
        (3, 0),
        textcoords="offset points",
        va="center",
        size=style.SMALL_SIZE - 1,
        color=style.INK if distinguishable else style.SOFT,
    )
