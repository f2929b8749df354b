"""Rooflines (Williams et al. 2009): FLOP/s against FLOPs per byte, below the ceilings of each target."""

from __future__ import annotations

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from gridpress.benchmark.records.targets import TargetLimits
from gridpress.report.data.frames import rows_of
from gridpress.report.presentation import plotting, style

ACROSS = 2  # panels side by side
PHASES = ("training", "inference")


def draw(here: pd.DataFrame, limits: dict[str, TargetLimits]) -> matplotlib.figure.Figure:
    """A panel per target."""
    looks = plotting.kinds(PHASES)
    across = min(ACROSS, len(limits))
    down = -(-len(limits) // across)
    figure, grid = plt.subplots(
        down, across, figsize=(style.TEXT_WIDTH, 0.6 + 2.2 * down), sharex=True, sharey=True, squeeze=False
    )
    ridges = [entry.ridge for entry in limits.values()]
    span_x = (
        min(here["intensity"].min(), *ridges) / 16,
        max(here["intensity"].max(), *ridges) * 5,
    )
    peaks = [entry.peak for entry in limits.values()]
    floor = min(here["rate"].min(), *(e.bandwidth_bytes_per_second * span_x[0] for e in limits.values()))
    for axes, (name, entry) in zip(grid.flat, limits.items(), strict=False):
        axes.set(xscale="log", yscale="log", xlim=span_x, ylim=(floor / 4, max(peaks) * 4))
        _ceilings(axes, entry)
        part = here[here["target"] == name]
        for row in rows_of(part):
            axes.plot(
                row["intensity"],
                row["rate"],
                **(plotting.network(row["model"]) | looks[row["phase"]]),
                zorder=3,
            )
        axes.set_title(name)
        axes.text(
            0.98,
            0.03,
            bounds_in_words(part),
            transform=axes.transAxes,
            ha="right",
            size=style.SMALL_SIZE,
            color=style.SOFT,
        )
        axes.grid(visible=True)
    for axes in grid.flat[len(limits) :]:
        axes.set_visible(False)
    figure.supxlabel("FLOPs per byte read or written", fontsize=style.FONT_SIZE)
    figure.supylabel("FLOP/s", fontsize=style.FONT_SIZE)
    phases = {name: look for name, look in looks.items() if name in set(here["phase"])}
    plotting.legend(figure, here["model"].unique(), phases)
    return figure


def _ceilings(axes: Axes, limits: TargetLimits) -> None:
    left, right = axes.get_xlim()
    x = np.array([left, limits.ridge, right])
    axes.plot(x, np.minimum(x * limits.bandwidth_bytes_per_second, limits.peak), color=style.INK, lw=1.2)
    axes.annotate(
        plotting.scaled(limits.peak, "FLOP/s"),
        (right, limits.peak),
        (-2, 3),
        textcoords="offset points",
        ha="right",
        size=style.SMALL_SIZE,
    )
    axes.annotate(
        plotting.scaled(limits.bandwidth_bytes_per_second, "B/s"),
        (limits.ridge / 3, limits.peak / 3),
        (-3, 2),
        textcoords="offset points",
        ha="right",
        size=style.SMALL_SIZE,
    )


def bounds_in_words(cases: pd.DataFrame) -> str:
    """Cases by what bounds them: `compute-bound 30, memory-bound 6`."""
    return ", ".join(f"{bound}-bound {number}" for bound, number in cases["bound_by"].value_counts().items())
