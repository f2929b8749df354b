"""Confusion matrices side by side, with numbers and names that can be read on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import matplotlib.figure
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.text import Text
from numpy.typing import NDArray

from gridpress.report.analysis.confusions import errors
from gridpress.report.presentation import style
from gridpress.report.presentation.markup import visible

PAD = 0.08  # inches around the panels and their words
NUMBER_ROOM = 1.02  # of a number, as a share of its width
KEY_SPACING = 1.4  # of its lines
LONGEST_NAME = 16  # characters that fit beside a row and below a column


class Panel(NamedTuple):
    """The confusion matrix of a classifier, int64 [classes, classes]: rows true, columns predicted."""

    title: str
    matrix: NDArray[np.int64]


def draw(names: Sequence[str], panels: Sequence[Panel]) -> matplotlib.figure.Figure:
    """As many panels side by side as their numbers leave room for, and two of several at least.

    Classes stand beside rows and columns by name; where a name is long, by number, with the names below.
    """
    figure, grid = plt.subplots(len(panels), squeeze=False, layout="none")
    most = max(errors(panel.matrix).max() for panel in panels) or 1
    ticks, key = [visible(name) for name in names], ""
    if numbered := max(map(len, ticks)) > LONGEST_NAME:
        key = "\n".join(f"{place}  {name}" for place, name in enumerate(ticks, 1))
        ticks = [str(place) for place in range(1, len(names) + 1)]
    for axes, panel in zip(grid[:, 0], panels, strict=True):
        wrong = errors(panel.matrix)
        axes.imshow(wrong, cmap=style.SEQUENTIAL, vmin=0, vmax=most)
        for (row, place), images in np.ndenumerate(panel.matrix):
            if images:
                ink = style.text_on(style.SEQUENTIAL(float(wrong[row, place]) / most))
                axes.text(
                    place, row, str(images), ha="center", va="center", size=style.SMALLEST_SIZE, color=ink
                )
        axes.set_title(panel.title)
        axes.set_xticks(
            range(len(names)), ticks, rotation=0 if numbered else 90, fontsize=style.SMALLEST_SIZE
        )
        axes.set_yticks(range(len(names)), ticks, fontsize=style.SMALLEST_SIZE)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    _place(
        figure,
        [*grid[:, 0]],
        figure.text(0, 0, key, va="bottom", size=style.SMALLEST_SIZE, linespacing=KEY_SPACING),
    )
    return figure


def _place(figure: matplotlib.figure.Figure, panels: Sequence[Axes], key: Text) -> None:
    """Square panels as large as the page allows, in a figure with room for all words around them.

    Constrained layout cuts words off where panels have a fixed aspect and height and width compete. Numbers
    become smaller where not even two panels have room for them.
    """
    width = style.TEXT_WIDTH
    figure.set_size_inches(width, width)
    figure.draw_without_rendering()
    left, below, above = np.max([_reach(axes) for axes in panels], axis=0) / figure.dpi + PAD
    numbers = max(_numbers(axes) for axes in panels) / figure.dpi
    titles = max(axes.title.get_window_extent().width for axes in panels) / figure.dpi

    def side_of(across: int) -> float:
        return float(width - left - PAD - 2 * PAD * (across - 1)) / across

    fitting = [n for n in range(3, len(panels) + 1) if side_of(n) >= max(numbers, titles)]
    across = max([2, *fitting])  # one panel alone is no larger than one of two
    rows = -(-len(panels) // across)
    bottom = key.get_window_extent().height / figure.dpi + PAD if key.get_text() else 0
    side = min(side_of(across), (style.PAGE_HEIGHT - bottom) / rows - above - below)
    height = rows * (above + side + below) + bottom
    figure.set_size_inches(width, height)
    key.set_position((PAD / width, PAD / height))
    for place, axes in enumerate(panels):
        row, column = divmod(place, across)
        top = (row + 1) * (above + side) + row * below
        axes.set_position(
            (
                (left + column * (side + 2 * PAD)) / width,
                1 - top / height,
                side / width,
                side / height,
            )
        )
        if column:
            axes.set_yticklabels([])
        for text in axes.texts:
            text.set_fontsize(style.SMALLEST_SIZE * min(1, side / numbers))


def _reach(axes: Axes) -> tuple[float, float, float]:
    """How far the words of a panel reach beyond it at the left, below and above, in dots."""
    square = axes.get_window_extent()
    words = axes.get_tightbbox() or square
    return square.x0 - words.x0, square.y0 - words.y0, words.y1 - square.y1


def _numbers(axes: Axes) -> float:
    """The width that a panel needs for its numbers beside one another, in dots."""
    classes = len(axes.get_xticks())
    widths = np.zeros((classes, classes))
    for text in axes.texts:
        column, row = text.get_position()
        widths[int(row), int(column)] = text.get_window_extent().width
    return float(classes * NUMBER_ROOM * ((widths[:, :-1] + widths[:, 1:]) / 2).max())
