"""How figures are drawn alike: networks by colour, other kinds by fill or marker, labels that keep apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import matplotlib.figure
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.ticker import EngFormatter, FixedLocator, FuncFormatter, NullLocator
from scipy.optimize import isotonic_regression

from gridpress.report.presentation import encoding, style
from gridpress.report.presentation.names import shown

TICKS = ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,))  # of each power of ten
MOST_TICKS = 5
LABEL_GAP = 0.055  # least distance of two labels, as a share of the height of the axes
MOST_ACROSS = 8  # entries of a legend side by side
MARK: dict[str, Any] = {"markeredgewidth": 1.0, "markersize": 4.5, "linestyle": "none"}
COLOUR_ALONE: dict[str, Any] = {"marker": "", "linestyle": "-", "linewidth": 4}
HOLLOW: dict[str, Any] = {"markerfacecolor": "white"}


def network(model: str) -> dict[str, Any]:
    """The mark of a network; joined with `HOLLOW` or one of `kinds` it tells another thing as well."""
    colour = encoding.colour(model)
    return MARK | {
        "marker": encoding.marker(model),
        "color": colour,
        "markerfacecolor": colour,
        "markeredgecolor": colour,
    }


def kinds(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What to join with a mark so that kinds are told apart: two by fill, more by marker, then by both.

    Args:
        names: of the kinds, in the order of the legend.
    """
    if len(names) <= 2:
        return dict(zip(names, ({}, HOLLOW), strict=False))
    turns = [divmod(place, len(style.MARKERS)) for place in range(len(names))]
    return {
        name: {"marker": style.MARKERS[place], **(HOLLOW if turn % 2 else {})}
        for name, (turn, place) in zip(names, turns, strict=True)
    }


def legend(
    figure: matplotlib.figure.Figure,
    models: Iterable[str],
    kinds: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """Above the panels: the networks, and the kinds of mark.

    Args:
        figure: gets the legend.
        models: networks by colour and marker; by colour alone where kinds are told by marker.
        kinds: looks by name, see the function `kinds`; none where marks tell networks alone.
    """
    looks = kinds or {}
    bar = COLOUR_ALONE if any("marker" in look for look in looks.values()) else {}
    plain = MARK | {"marker": "o", "markerfacecolor": style.SOFT, "markeredgecolor": style.SOFT}
    handles = [Line2D([], [], label=shown(model), **(network(model) | bar)) for model in models]
    handles += [Line2D([], [], label=name, **(plain | dict(look))) for name, look in looks.items()]
    figure.legend(
        handles=handles,
        loc="outside upper right",
        ncols=min(len(handles), MOST_ACROSS),
        handletextpad=0.2,
        columnspacing=1.2,
    )


def target_rows(
    axes: Axes,
    targets: Sequence[str],
    absent: Sequence[str],
    *,
    labels: bool = True,
    ahead: Sequence[str] = (),
) -> None:
    """One row per target, from the top.

    Args:
        axes: get the rows.
        targets: measured ones.
        absent: others, whose rows say so.
        labels: whether rows are named here.
        ahead: targets that are compared with the best CPU target, which their names say.
    """
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


def spread_out(heights: Sequence[float], gap: float) -> list[float]:
    """Heights of labels, at least `gap` apart and moved as little as their order allows.

    Of equal heights the first is on top. The least squares solution, by isotonic regression.
    """
    order = sorted(range(len(heights)), key=lambda place: (heights[place], -place))
    steps = gap * np.arange(len(order))
    wanted = np.array([heights[place] for place in order], dtype=float) - steps
    rising = isotonic_regression(wanted).x + steps if order else wanted
    placed = dict(zip(order, map(float, rising), strict=True))
    return [placed[place] for place in range(len(heights))]


def end_labels(axes: Axes, ends: Sequence[tuple[float, str]], colour: str = style.INK) -> None:
    """Text right of the axes at the height (data) of each line's end."""
    to_axes = axes.transData + axes.transAxes.inverted()
    x = axes.get_xlim()[1]
    heights = [float(to_axes.transform((x, height))[1]) for height, _ in ends]
    for place, (_, text) in zip(spread_out(heights, LABEL_GAP), ends, strict=True):
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


def scaled(rate: float, unit: str) -> str:
    """Three significant digits with an SI prefix: `1.25 TFLOP/s`."""
    return str(EngFormatter(unit)(float(f"{rate:.3g}")))
