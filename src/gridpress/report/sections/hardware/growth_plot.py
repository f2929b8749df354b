"""Times against sizes with the fitted power laws."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.figure
import numpy as np
from matplotlib import pyplot as plt

from gridpress.benchmark.records.growth import Growth
from gridpress.report.presentation import encoding, plotting, style
from gridpress.report.sections.hardware.growth_words import SIZES, held, work
from gridpress.report.sections.hardware.wording import span

ACROSS = 2  # panels side by side


def draw(found: Sequence[Growth]) -> matplotlib.figure.Figure:
    """A panel per power law."""
    down = -(-len(found) // ACROSS)
    figure, grid = plt.subplots(down, ACROSS, figsize=(style.TEXT_WIDTH, 2.4 * down), squeeze=False)
    for axes in grid.flat[len(found) :]:
        axes.set_visible(False)
    for axes, entry in zip(grid.flat, found, strict=False):
        colour = encoding.colour(entry.model or "rbf")
        sizes = np.asarray(entry.sizes, dtype=float)
        medians = np.array([timing.median.value for timing in entry.seconds])
        x = np.array([sizes[0] / 1.15, sizes[-1] * 1.15])
        middle = entry.seconds_at(float(np.sqrt(sizes[0] * sizes[-1])))
        axes.plot(x, 1000 * middle * x / np.sqrt(sizes[0] * sizes[-1]), color=style.SOFT, ls=":", lw=1)
        axes.plot(x, 1000 * entry.coefficient * x**entry.exponent.value, color=colour, lw=1)
        axes.vlines(
            sizes,
            [1000 * timing.lower_quartile for timing in entry.seconds],
            [1000 * timing.upper_quartile for timing in entry.seconds],
            color=colour,
            lw=1,
        )
        axes.plot(sizes, 1000 * medians, encoding.marker(entry.model or "rbf"), color=colour, ms=4.5)
        axes.set(xscale="log", yscale="log")
        axes.set_xticks(sizes, [f"{size:g}" for size in entry.sizes])
        axes.minorticks_off()
        plotting.plain_ticks(axes.yaxis)
        axes.set_title(f"{work(entry).replace('training ', '')} {held(entry)}")
        axes.set_xlabel(SIZES[entry.axis])
        axes.text(
            0.04,
            0.96,
            f"exponent {entry.exponent.value:.2f}\n({span(entry.exponent)})",
            transform=axes.transAxes,
            va="top",
            size=style.SMALL_SIZE,
        )
    figure.supylabel("Time (ms)", fontsize=style.FONT_SIZE)
    return figure
