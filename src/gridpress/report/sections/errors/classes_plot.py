"""Confusion matrices side by side."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.figure
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import NDArray

from gridpress.report.analysis.best import Best
from gridpress.report.presentation import style

PAD = 0.08  # inches around the panels and their words
TICK_SIZE = 7.0  # points


def draw(names: Sequence[str], here: Sequence[tuple[Best, NDArray[np.int64]]]) -> matplotlib.figure.Figure:
    """A panel per classifier: int64 [classes, classes], rows true, columns predicted."""
    figure, grid = plt.subplots(1, len(here), sharey=True, squeeze=False)
    most = max((m - np.diag(np.diag(m))).max() for _, m in here) or 1
    for axes, (winner, matrix) in zip(grid[0], here, strict=True):
        errors = matrix - np.diag(np.diag(matrix))
        axes.imshow(errors, cmap=style.SEQUENTIAL, vmin=0, vmax=most)
        for (row, place), images in np.ndenumerate(matrix):
            if images:
                ink = style.text_on(style.SEQUENTIAL(float(errors[row, place]) / most))
                axes.text(place, row, str(images), ha="center", va="center", size=5.5, color=ink)
        axes.set_title(winner.name)
        axes.set_xticks(range(len(names)), names, rotation=90, fontsize=TICK_SIZE)
        axes.set_yticks(range(len(names)), names, fontsize=TICK_SIZE)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    _place(figure, grid[0])
    return figure


def _place(figure: matplotlib.figure.Figure, panels: Sequence[Axes]) -> None:
    """Square panels as large as the text's width allows, in a figure high enough for all words around them.

    Constrained layout cuts words off where panels have a fixed aspect and height and width compete.
    """
    figure.set_layout_engine("none")
    figure.set_size_inches(style.TEXT_WIDTH, style.TEXT_WIDTH)
    # where each panel lies now, and how far its words reach beyond it, in inches
    figure.draw_without_rendering()
    reach = []
    for axes in panels:
        square, words = axes.get_window_extent(), axes.get_tightbbox()
        if words is not None:
            reach.append((square.x0 - words.x0, square.y0 - words.y0, words.y1 - square.y1))
    left, below, above = np.max(reach, axis=0) / figure.dpi + PAD
    side = (style.TEXT_WIDTH - left - PAD) / max(2, len(panels)) - PAD  # one panel alone is no larger
    height = below + side + above
    figure.set_size_inches(style.TEXT_WIDTH, height)
    for place, axes in enumerate(panels):
        axes.set_position(
            (
                (left + place * (side + 2 * PAD)) / style.TEXT_WIDTH,
                below / height,
                side / style.TEXT_WIDTH,
                side / height,
            )
        )
