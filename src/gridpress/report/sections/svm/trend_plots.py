"""The trends of support vector machines as line plots, one figure per setting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from gridpress.families.svms import inline
from gridpress.report.analysis.trends import Trend, TrendPanel, trends
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, plotting, style
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import shown
from gridpress.stats.intervals import wilson

ROW_HEIGHT = 1.9  # inches a panel
LABEL_HEIGHT = 0.14  # inches
DODGE = 0.075  # of the distance between two values, so that no marker or interval covers another
MOST_DODGED = 0.6  # of that distance for all lines together, so that neighbouring values stay apart


def figures(study: Study) -> Iterator[Item]:
    """One figure per setting: a panel per kernel and dataset, a line per combination of the others."""
    for trend in trends(study):
        data = _data(trend)
        yield Figure(
            name=slug("svm-trend", trend.axis),
            caption=(
                f"{trend.title}: accuracy of SVMs that differ in nothing else, joined by a line; all panels "
                "on the same axes. Filled: test images, with 95 % Wilson intervals; open, beside it: "
                "validation images."
            ),
            alt=f"Line plots of accuracy against {_lower(trend.title)}, {trend.sentence}.",
            data=data,
            sources=study.sources("svm", data["key"]),
            draw=partial(_draw, study, trend),
        )


def _lower(title: str) -> str:
    return title if title == "C" else title.lower()


def _data(trend: Trend) -> pd.DataFrame:
    rows = []
    for panel in trend.panels:
        for line in panel.lines:
            for row in line.rows:
                interval = wilson(row["test_samples"] - row["wrong"], row["test_samples"])
                rows.append(
                    {
                        "dataset": panel.dataset,
                        "kernel": panel.kernel,
                        "line": line.label,
                        "key": row["key"],
                        trend.axis: row[trend.axis],
                        "test_accuracy": row["test_accuracy"],
                        "low": interval.low,
                        "high": interval.high,
                        "validation_accuracy": row["validation_accuracy"],
                        "difference": line.paired.difference,
                        "p": line.adjusted_p,
                    }
                )
    return pd.DataFrame(rows)


def _draw(study: Study, trend: Trend) -> matplotlib.figure.Figure:
    datasets = list(dict.fromkeys(panel.dataset for panel in trend.panels))
    kernels = list(dict.fromkeys(panel.kernel for panel in trend.panels))
    height = max(ROW_HEIGHT, LABEL_HEIGHT * max(len(panel.lines) for panel in trend.panels) + 0.8)
    figure, grid = plt.subplots(
        len(kernels),
        len(datasets),
        figsize=(style.TEXT_WIDTH, 0.5 + height * len(kernels)),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    data = _data(trend)
    low = 100 * float(data[["low", "validation_accuracy"]].to_numpy(dtype=float).min())
    high = 100 * float(data[["high", "validation_accuracy"]].to_numpy(dtype=float).max())
    margin = 0.05 * (high - low)
    limits = (low - margin, min(100.5, high + margin))
    gap = (limits[1] - limits[0]) * LABEL_HEIGHT / (height - 0.45)
    values = trend.ticks
    for axes in grid.flat:
        axes.set_axis_off()
    for panel in trend.panels:
        axes = grid[kernels.index(panel.kernel), datasets.index(panel.dataset)]
        axes.set_axis_on()
        axes.set_title(f"{study.title(panel.dataset)}, {inline(panel.kernel)} kernel")
        axes.grid(visible=True, axis="y")
        _fill(axes, panel, trend.axis, values, gap)
    grid[0, 0].set_ylim(*limits)
    grid[0, 0].set_xlim(-0.35, len(values) - 0.65)
    grid[0, 0].set_xticks(range(len(values)), [shown(value) for value in values])
    figure.supxlabel(trend.title, fontsize=style.FONT_SIZE)
    figure.supylabel("Accuracy (%)", fontsize=style.FONT_SIZE)
    return figure


def _fill(axes: Axes, panel: TrendPanel, axis: str, values: Sequence[Any], gap: float) -> None:
    ends = [100 * line.rows[-1]["test_accuracy"] for line in panel.lines]
    dodge = min(DODGE, MOST_DODGED / (2 * len(panel.lines)))
    for place, (line, end, label) in enumerate(
        zip(panel.lines, ends, plotting.spread_out(ends, gap), strict=True)
    ):
        colour = style.darker(encoding.colour(panel.kernel), place, len(panel.lines))
        x = np.array([values.index(row[axis]) for row in line.rows], dtype=float)
        x += dodge * (2 * place + 0.5 - len(panel.lines))  # each line holds two places: test, validation
        beside = x + dodge
        accuracy = np.array([row["test_accuracy"] for row in line.rows])
        intervals = [wilson(row["test_samples"] - row["wrong"], row["test_samples"]) for row in line.rows]
        axes.vlines(
            x, [100 * i.low for i in intervals], [100 * i.high for i in intervals], color=colour, lw=0.9
        )
        marker = encoding.marker(panel.kernel)
        axes.plot(x, 100 * accuracy, marker=marker, ms=3, color=colour, lw=1.2)
        validation = [100 * row["validation_accuracy"] for row in line.rows]
        axes.plot(beside, validation, ":", marker=marker, ms=3, mfc="white", mew=0.8, color=colour, lw=0.8)
        axes.annotate(
            line.label,
            (beside[-1], end),
            xytext=(1.04, label),
            textcoords=axes.get_yaxis_transform(),
            va="center",
            fontsize=7,
            arrowprops={
                "arrowstyle": "-",
                "color": colour,
                "lw": 0.5,
                "shrinkA": 1,
                "shrinkB": 3,
                "relpos": (0, 0.5),
            },
            annotation_clip=False,
        )
