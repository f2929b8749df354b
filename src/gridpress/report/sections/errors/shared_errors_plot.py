"""Images that a chosen classifier gets wrong together with most others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import matplotlib.figure
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from gridpress.report.presentation import style
from gridpress.report.presentation.pictures import GREY, picture
from gridpress.results.shared_errors import SHOWN

if TYPE_CHECKING:
    from gridpress.report.sections.errors.shared_errors import SharedErrors

ROW_HEIGHT = 1.5  # inches a classifier
ROW_TITLES = ("True class", "Answer", "Missed by")


def draw(here: Sequence[SharedErrors]) -> matplotlib.figure.Figure:
    """A row of images per chosen classifier, with true class, answer and how many miss it."""
    figure = plt.figure(figsize=(style.TEXT_WIDTH, ROW_HEIGHT * len(here)))
    for row, entry in zip(figure.subfigures(len(here), 1, squeeze=False)[:, 0], here, strict=True):
        _draw_row(row, entry)
    return figure


def _draw_row(row: SubFigure, entry: SharedErrors) -> None:
    names, (_, height, width) = entry.declared.classes, entry.declared.shape
    row.suptitle(
        f"{entry.name}: {len(entry.images)} of its {entry.errors} errors",
        x=0.005,
        ha="left",
        fontsize=style.FONT_SIZE,
        fontweight="semibold",
    )
    titles, *places = row.subplots(1, SHOWN + 1)
    _label(titles, *ROW_TITLES, colour=style.SOFT)
    titles.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    for axes in places[len(entry.images) :]:
        axes.set_axis_off()
    for axes, image in zip(places, entry.images, strict=False):
        _label(
            axes,
            names[image.label],
            names[image.predicted],
            f"{image.classifiers} of {entry.found.classifiers}",
        )
        if image.pixels is not None:
            axes.imshow(picture(image.pixels, entry.declared.shape), **GREY)
        else:
            axes.set(xlim=(0, width), ylim=(0, height), aspect="equal")
            axes.text(
                width / 2, height / 2, "missing", ha="center", va="center", fontsize=7, color=style.SOFT
            )


def _label(axes: Axes, above: str, answer: str, wrong: str, colour: str = style.INK) -> None:
    axes.set_title(above, loc="center", fontsize=7.5, fontweight="normal", color=colour)
    axes.set_xlabel(f"{answer}\n{wrong}", fontsize=7.5, color=colour)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
