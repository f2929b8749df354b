"""How figures of hardware are drawn alike: networks by colour, targets by row, labels that keep apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib.figure
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from gridpress.report.presentation import encoding, style
from gridpress.report.presentation.names import shown

TICKS = ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,))  # of each power of ten
MOST_TICKS = 5
LABEL_GAP = 0.055  # least distance of two labels, as a share of the height of the axes


def network(model: str, *, hollow: bool = False) -> dict[str, Any]:
    """Colour and marker of a network; hollow is the second of two kinds that the legend names."""
    colour = encoding.colour(model)
    return {
        "marker": encoding.marker(model),
        "color": colour,
        "markerfacecolor": "white" if hollow else colour,
        "markeredgecolor": colour,
        "markeredgewidth": 1.0,
        "markersize": 4.5,
        "linestyle": "none",
    }


def legend(
    figure: matplotlib.figure.Figure,
    models: Iterable[str],
    filled: str | None = None,
    hollow: str | None = None,
) -> None:
    """Above the panels: the networks, and what filled and hollow markers stand for."""
    handles = [Line2D([], [], label=shown(model), **network(model)) for model in models]
    for text, face in ((filled, style.SOFT), (hollow, "white")):
        if text is not None:
            handles.append(
                Line2D(
                    [],
                    [],
                    marker="o",
                    linestyle="none",
                    markersize=4.5,
                    markerfacecolor=face,
                    markeredgecolor=style.SOFT,
                    label=text,
                )
            )
    figure.legend(
        handles=handles, loc="outside upper right", ncols=len(handles), handletextpad=0.2, columnspacing=1.2
    )


def target_rows(
    axes: Axes,
    targets: Sequence[str],
    absent: Sequence[str],
    *,
    labels: bool = True,
    ahead: Sequence[str] = (),
) -> None:
    """One row per target, from the top; those not measured say so, and those `ahead` whom they are compared with."""
    names = [*(f"{name}\nover best CPU" if name in ahead else name for name in targets), *absent]
    axes.set_yticks(range(len(names)), names if labels else [""] * len(names))
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    for row in range(len(targets), len(names)):
        note(axes, row, "not measured")


def note(axes: Axes, row: int, text: str) -> None:
    """What stands in a row instead of a mark."""
    axes.text(
        0.02,
        row,
        text,
        transform=axes.get_yaxis_transform(),
        va="center",
        size=style.SMALL_SIZE,
        color=style.SOFT,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )


def plain_ticks(axis: Axis, unit: float = 1.0) -> None:
    """A logarithmic axis labelled at a few round numbers, in `unit`, the densest choice that leaves room."""
    low, high = sorted(axis.get_view_interval())
    for steps in TICKS:
        ticks = [step * 10.0**power for power in range(-12, 19) for step in steps]
        kept = [tick for tick in ticks if low <= tick <= high]
        if len(kept) <= MOST_TICKS:
            break
    axis.set_major_locator(FixedLocator(kept))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / unit:g}"))
    axis.set_minor_locator(NullLocator())


def dodge(place: int, places: int, height: float = 0.7) -> float:
    """Where the marks of one row lie, so that they do not cover each other."""
    return height * ((place + 0.5) / places - 0.5)


def spread_out(heights: Sequence[float], gap: float = LABEL_GAP) -> list[float]:
    """Heights of labels (shares of the axes), moved apart as little as their order allows."""
    order = np.argsort(heights, kind="stable")
    placed = [float(heights[number]) for number in order]
    for _ in range(50):
        for low in range(len(placed) - 1):
            short = gap - (placed[low + 1] - placed[low])
            if short > 0:
                placed[low] -= short / 2
                placed[low + 1] += short / 2
    result = [0.0] * len(placed)
    for number, height in zip(order, placed, strict=True):
        result[int(number)] = height
    return result


def end_labels(axes: Axes, ends: Sequence[tuple[float, str]], colour: str = style.INK) -> None:
    """Text right of the axes at the height (data) of each line's end."""
    to_axes = axes.transData + axes.transAxes.inverted()
    x = axes.get_xlim()[1]
    heights = [float(to_axes.transform((x, height))[1]) for height, _ in ends]
    for place, (_, text) in zip(spread_out(heights), ends, strict=True):
        axes.text(
            1.02,
            place,
            text,
            transform=axes.transAxes,
            va="center",
            size=style.SMALL_SIZE,
            color=colour,
            clip_on=False,
        )
