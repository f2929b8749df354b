"""Effects of settings as dots with their intervals."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.report.data.frames import rows_of
from gridpress.report.presentation import style
from gridpress.report.presentation.names import AXIS_TITLES

ROW_HEIGHT = 0.28  # inches


def draw(data: pd.DataFrame, title: Callable[[str], str]) -> matplotlib.figure.Figure:
    """A panel per dataset, a row per setting and change.

    Args:
        data: columns dataset, axis, contrast, difference, low, high (shares, NaN where not known) and
            distinguishable.
        title: of a dataset.
    """
    placed = data.assign(label=data["axis"].map(AXIS_TITLES) + ": " + data["contrast"])
    labels, datasets = list(placed["label"].unique()), list(placed["dataset"].unique())
    figure, grid = plt.subplots(
        1,
        len(datasets),
        figsize=(style.TEXT_WIDTH, 0.9 + ROW_HEIGHT * len(labels)),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    for axes, dataset in zip(grid[0], datasets, strict=True):
        for effect in rows_of(placed[placed["dataset"] == dataset]):
            row = labels.index(effect["label"])
            axes.plot([100 * effect["low"], 100 * effect["high"]], [row, row], color=style.INK, lw=1.2)
            fill = style.INK if effect["distinguishable"] else "white"
            axes.plot(100 * effect["difference"], row, "o", color=style.INK, mfc=fill, ms=5)
        axes.axvline(0, color=style.SOFT, lw=0.8)
        axes.set_title(title(dataset))
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="y", length=0)
    grid[0, 0].set_yticks(range(len(labels)), labels)
    grid[0, 0].set_ylim(len(labels) - 0.5, -0.5)
    figure.supxlabel("Difference in test accuracy (points)", fontsize=style.FONT_SIZE)
    return figure
