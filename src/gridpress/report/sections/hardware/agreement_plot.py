"""Losses on every target, and how far they deviate from the reference's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.figure
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from gridpress.benchmark.records.agreement import Agreement
from gridpress.report.presentation import style

ROUNDING = "perturbed reference"
MOST_COLUMNS = 4
REFERENCE_LINE: dict[str, Any] = {"color": style.SOFT, "ls": ":", "lw": 1.2}
ROUNDING_LINE: dict[str, Any] = {"color": "#B4BCC6", "ls": "-", "lw": 3.0}
TARGET_LINE: dict[str, Any] = {"color": style.INK, "ls": "-", "lw": 1.0}


def draw(agreement: Agreement) -> matplotlib.figure.Figure:
    """Two panels per target, one above the other: curves this ragged would hide each other on shared axes."""
    blocks = max(1, -(-len(agreement.curves) // MOST_COLUMNS))
    columns = max(1, -(-len(agreement.curves) // blocks))
    figure, grid = plt.subplots(
        2 * blocks,
        columns,
        figsize=(style.TEXT_WIDTH, 0.6 + 2.8 * blocks),
        sharex=True,
        squeeze=False,
    )
    for axes in grid.flat:
        axes.set_axis_off()
    losses = [agreement.reference, agreement.rounding.losses, *(curve.losses for curve in agreement.curves)]
    loss_limits = _limits(np.asarray(losses, dtype=float))
    distance_limits = _limits(_deviation(agreement, losses), logarithmic=True)
    steps = np.arange(1, len(agreement.reference) + 1)
    for place, curve in enumerate(agreement.curves):
        block, across = divmod(place, columns)
        loss, distance = grid[2 * block : 2 * block + 2, across]
        loss.set_title(curve.target)
        loss.plot(steps, agreement.reference, **REFERENCE_LINE)
        loss.plot(steps, curve.losses, **TARGET_LINE)
        distance.set_yscale("log")
        for series, look in ((agreement.rounding.losses, ROUNDING_LINE), (curve.losses, TARGET_LINE)):
            (deviation,) = _deviation(agreement, [series])
            distance.plot(steps, deviation, marker=".", ms=3, **look)
        for axes, limits, title in (
            (loss, loss_limits, "Training loss"),
            (distance, distance_limits, "Deviation"),
        ):
            axes.set_axis_on()
            axes.grid(visible=True)
            axes.set_ylim(*limits)
            axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
            axes.tick_params(labelleft=across == 0)
            if across == 0:
                axes.set_ylabel(title)
        distance.tick_params(labelbottom=True)
        distance.set_xlabel("Step")
    looks = (("the target", TARGET_LINE), ("the reference", REFERENCE_LINE), (ROUNDING, ROUNDING_LINE))
    figure.legend(
        handles=[Line2D([], [], label=text, **look) for text, look in looks],
        loc="outside upper right",
        ncols=len(looks),
    )
    return figure


def _deviation(agreement: Agreement, losses: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Absolute, from the reference, step by step; missing where it is zero, as the axis is logarithmic."""
    deviation = np.abs(np.asarray(losses, dtype=float) - np.asarray(agreement.reference, dtype=float))
    return np.where(deviation > 0, deviation, np.nan)


def _limits(values: NDArray[np.float64], *, logarithmic: bool = False) -> tuple[float, float]:
    """Of all panels alike, with a margin."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.1, 1.0
    finite = np.log10(finite) if logarithmic else finite
    low, high = float(finite.min()), float(finite.max())
    margin = 0.05 * (high - low) or 0.05
    low, high = low - margin, high + margin
    return (10**low, 10**high) if logarithmic else (low, high)
