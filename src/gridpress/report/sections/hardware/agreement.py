"""The same training on every target: how far the losses deviate, against what rounding alone does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from gridpress.benchmark.records.hardware import Agreement, HardwareRecord
from gridpress.report.data.study import Study
from gridpress.report.presentation import style
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import listed, shown
from gridpress.report.presentation.tables import Column, leading, table, words

ROUNDING = "perturbed reference"
MOST_COLUMNS = 4


@dataclass(frozen=True)
class LossDeviation:
    """How far a target's losses get from the reference's.

    Attributes:
        target: its name.
        difference: the largest.
        at_step: where it is, from 1.
        relative: over the reference's loss at that step.
        within_rounding: no larger than after the reference's weights are perturbed by their rounding error.
    """

    target: str
    difference: float
    at_step: int
    relative: float
    within_rounding: bool


def deviations(agreement: Agreement) -> list[LossDeviation]:
    """One per target."""
    limit = agreement.rounding.largest_difference
    return [
        LossDeviation(
            target=curve.target,
            difference=curve.largest_difference,
            at_step=curve.at_step,
            relative=_over(curve.largest_difference, agreement.reference[curve.at_step - 1]),
            within_rounding=curve.largest_difference <= limit,
        )
        for curve in agreement.curves
    ]


def _over(difference: float, loss: float) -> float:
    return difference / abs(loss) if loss else float("inf")


def loss_agreement(study: Study) -> Iterator[Item]:
    """Per machine the curves, and their largest deviations."""
    for record in study.hardware.values():
        found = deviations(record.agreement)
        yield _figure(study, record, found)
        yield _table(study, record, found)


def training(record: HardwareRecord) -> str:
    """What was trained: `ResNet-18 with SGD, 24 steps of 16 images`."""
    agreement = record.agreement
    return (
        f"{shown(agreement.model)} with {shown(agreement.optimizer)}, {len(agreement.reference)} steps of "
        f"{agreement.batch_size} images"
    )


def _figure(study: Study, record: HardwareRecord, found: Sequence[LossDeviation]) -> Item:
    agreement = record.agreement
    within = [entry.target for entry in found if entry.within_rounding]
    beyond = [entry.target for entry in found if not entry.within_rounding]
    losses = pd.DataFrame(
        {"step": range(1, len(agreement.reference) + 1), "reference": agreement.reference}
        | {ROUNDING: agreement.rounding.losses}
        | {curve.target: curve.losses for curve in agreement.curves}
    )
    return Figure(
        name=slug("agreement", record.name),
        caption=(
            f"`{record.name}`: training loss of {training(record)}, from the same seed on every target "
            "(above), and its absolute deviation from the reference, fp32 on one CPU thread (below). Wide "
            "grey line: the reference after a rounding-sized perturbation of the weights. Where a target's "
            "deviation is missing, the loss equals the reference's to the last digit recorded."
        ),
        alt=(
            f"Loss curves on {len(found)} targets of {record.name}. Deviating no more than after a "
            f"rounding-sized perturbation of the weights: {listed(within or ['none'])}. "
            f"Deviating more: {listed(beyond or ['none'])}."
        ),
        data=losses,
        sources=[study.source("hardware", record.name)],
        draw=partial(_draw, agreement),
    )


def _table(study: Study, record: HardwareRecord, found: Sequence[LossDeviation]) -> Item:
    rounding = record.agreement.rounding.largest_difference
    return table(
        slug("agreement", record.name),
        (
            f"`{record.name}`: largest absolute deviation of the training loss from fp32 on one CPU thread "
            f"over {training(record)}, and its step. A rounding-sized perturbation of the weights reaches "
            f"{rounding:.2g} (one trial)."
        ),
        pd.DataFrame([vars(entry) for entry in found]),
        [
            leading("Target", "target", str),
            Column(title="Largest deviation", of="difference", format="{:.2g}".format),
            Column(title="Of the loss (%)", of="relative", format=lambda share: f"{100 * share:.2g}"),
            Column(title="At step", of="at_step"),
            words("Against rounding", "within_rounding", lambda within: "within" if within else "beyond"),
        ],
        [study.source("hardware", record.name)],
    )


REFERENCE_LINE: dict[str, Any] = {"color": style.SOFT, "ls": ":", "lw": 1.2}
ROUNDING_LINE: dict[str, Any] = {"color": "#B4BCC6", "ls": "-", "lw": 3.0}
TARGET_LINE: dict[str, Any] = {"color": style.INK, "ls": "-", "lw": 1.0}


def _draw(agreement: Agreement) -> matplotlib.figure.Figure:
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
