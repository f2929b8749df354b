"""Annotated heatmaps of accuracies, side by side on one scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import matplotlib as mpl
import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from gridpress.report.data.frames import DIVERGED
from gridpress.report.presentation import style
from gridpress.report.presentation.names import ABSENT, percent

ROW_HEIGHT = 0.27  # inches
TITLE = 0.5  # inches above and below the cells of a panel
ROOM = 0.6  # inches for the scale
MOST_COLUMNS = 9  # side by side


@dataclass(frozen=True)
class HeatPanel:
    """Shares by row and column (NaN where there is none), words for empty cells, and cells to frame."""

    shares: pd.DataFrame
    words: pd.DataFrame
    marks: pd.DataFrame


def panels(table: pd.DataFrame, marked: str, title: Callable[[str], str]) -> dict[str, HeatPanel]:
    """One panel per dataset, all with the same rows and columns.

    Args:
        table: columns dataset, row, column (labels), test_accuracy, state, and `marked`.
        marked: the column that says which cells to frame.
        title: of a dataset.
    """
    rows, columns = table["row"].unique(), table["column"].unique()

    def square(here: pd.DataFrame, value: str) -> pd.DataFrame:
        placed = here.set_index(["row", "column"])[value].unstack()  # noqa: PD010  nothing is averaged
        return placed.reindex(index=rows, columns=columns)

    words = table.assign(word=[("div." if state == DIVERGED else ABSENT) for state in table["state"]])
    return {
        title(str(dataset)): HeatPanel(
            shares=square(here, "test_accuracy"),
            words=square(here, "word").fillna(ABSENT),
            marks=square(here, marked).eq(other=True),
        )
        for dataset, here in words.groupby("dataset", sort=False)
    }


def draw(
    parts: Mapping[str, HeatPanel], limits: tuple[float, float], label: str = "Test accuracy (%)"
) -> matplotlib.figure.Figure:
    """Panels side by side, or one below the other where they are wide.

    Args:
        parts: panels by title.
        limits: shares at the ends of the scale.
        label: of the scale.
    """
    rows, columns = next(iter(parts.values())).shares.shape
    beside = columns * len(parts) <= MOST_COLUMNS
    across, down = (len(parts), 1) if beside else (1, len(parts))
    figure, grid = plt.subplots(
        down,
        across,
        figsize=(style.TEXT_WIDTH, ROOM + (ROW_HEIGHT * rows + TITLE) * down),
        sharey=True,
        squeeze=False,
    )
    norm = mpl.colors.Normalize(100 * limits[0], 100 * limits[1])
    for axes, (title, panel) in zip(grid.flat, parts.items(), strict=True):
        _fill(axes, panel, norm)
        axes.set_title(title)
    scale = mpl.cm.ScalarMappable(norm, style.SEQUENTIAL)
    bar = figure.colorbar(scale, ax=grid, location="bottom", aspect=60, fraction=0.04, pad=0.02)
    bar.set_label(label)
    bar.outline.set_visible(False)
    return figure


def _fill(axes: Axes, panel: HeatPanel, norm: mpl.colors.Normalize) -> None:
    values = 100 * panel.shares.to_numpy(dtype=float)
    cmap = style.SEQUENTIAL.with_extremes(bad="#FFFFFF")
    axes.imshow(np.ma.masked_invalid(values), norm=norm, cmap=cmap, aspect="auto")
    axes.set_xticks(range(values.shape[1]), [str(name) for name in panel.shares.columns])
    axes.set_yticks(range(values.shape[0]), [str(name) for name in panel.shares.index])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    for (row, place), value in np.ndenumerate(values):
        known, marked = not np.isnan(value), bool(panel.marks.iloc[row, place])
        ink = style.text_on(cmap(norm(value))) if known else style.SOFT
        axes.text(
            place,
            row,
            f"{value:.1f}" if known else str(panel.words.iloc[row, place]),
            ha="center",
            va="center",
            color=ink,
            size=style.SMALL_SIZE,
            weight="semibold" if marked else "normal",
        )
        if marked:
            axes.add_patch(
                Rectangle((place - 0.44, row - 0.38), 0.88, 0.76, fill=False, linewidth=1.3, edgecolor=ink)
            )
    for edge in range(1, values.shape[0]):
        axes.axhline(edge - 0.5, color="white", lw=1)
    for edge in range(1, values.shape[1]):
        axes.axvline(edge - 0.5, color="white", lw=1)


def scale(values: pd.Series[float]) -> tuple[float, float]:
    """Limits that hold all values, at whole percentages; a range even where there is one value or none."""
    known = values.dropna()
    if known.empty:
        return (0.0, 1.0)
    low, high = np.floor(known.min() * 100) / 100, np.ceil(known.max() * 100) / 100
    return (float(low), float(high)) if high > low else (float(low) - 0.01, float(high) + 0.01)


def extremes(accuracies: pd.Series[float], words: Sequence[str]) -> str:
    """Two sentences for the alternative text: where the accuracies are highest and lowest.

    Args:
        accuracies: shares, NaN where there is none.
        words: what each is called.
    """
    values = accuracies.to_numpy(dtype=float)
    if np.isnan(values).all():
        return "Nothing was measured."
    high, low = int(np.nanargmax(values)), int(np.nanargmin(values))
    return (
        f"Highest: {percent(values[high])} % ({words[high]}). "
        f"Lowest: {percent(values[low])} % ({words[low]})."
    )
