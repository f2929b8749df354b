"""The same training on every target: how far the losses part, held against what rounding alone does."""

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

from gridpress.benchmark.records.agreement import Agreement
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.data.study import Study
from gridpress.report.presentation import style
from gridpress.report.presentation.items import Figure, Item, Table, column, number, slug
from gridpress.report.presentation.markup import Cell, Header
from gridpress.report.presentation.names import listed, shown

ROUNDING = "rounding alone"
MOST_COLUMNS = 4
REFERENCE_LINE: dict[str, Any] = {"color": style.SOFT, "ls": ":", "lw": 1.2}
ROUNDING_LINE: dict[str, Any] = {"color": "#B4BCC6", "ls": "-", "lw": 3.0}
TARGET_LINE: dict[str, Any] = {"color": style.INK, "ls": "-", "lw": 1.0}


@dataclass(frozen=True)
class Curve:
    """A target's losses; `alike` where they part no further than rounding takes the reference from itself."""

    target: str
    difference: float
    at_step: int
    relative: float
    alike: bool


def curves(agreement: Agreement) -> list[Curve]:
    """One per target; `relative` is the largest difference over the reference's loss at that step."""
    limit = agreement.rounding.largest_difference
    return [
        Curve(
            target=curve.target,
            difference=curve.largest_difference,
            at_step=curve.at_step,
            relative=curve.largest_difference / abs(agreement.reference[curve.at_step - 1])
            if agreement.reference[curve.at_step - 1]
            else float("inf"),
            alike=curve.largest_difference <= limit,
        )
        for curve in agreement.curves
    ]


def items(study: Study) -> Iterator[Item]:
    """Per machine the curves, and their largest differences."""
    for record in study.hardware.values():
        found = curves(record.agreement)
        yield _figure(study, record, found)
        yield _table(study, record, found)


def training(record: HardwareRecord) -> str:
    """What was trained: `ResNet-18 with SGD, 24 steps of 16 images`."""
    agreement = record.agreement
    return (
        f"{shown(agreement.model)} with {shown(agreement.optimizer)}, {len(agreement.reference)} steps of "
        f"{agreement.batch_size} images"
    )


def _figure(study: Study, record: HardwareRecord, found: list[Curve]) -> Item:
    agreement = record.agreement
    alike = [curve.target for curve in found if curve.alike]
    apart = [curve.target for curve in found if not curve.alike]
    table = pd.DataFrame(
        {"step": range(1, len(agreement.reference) + 1), "reference": agreement.reference}
        | {ROUNDING: agreement.rounding.losses}
        | {curve.target: curve.losses for curve in agreement.curves}
    )
    return Figure(
        name=slug("agreement", record.name),
        caption=(
            f"`{record.name}`: training loss of {training(record)}, from the same seed on every target (above), "
            "and its distance from the reference, fp32 on one CPU thread (below). Wide grey line: the reference again, "
            "from weights moved by about their rounding error, which is what rounding alone does. "
            "Where a target's distance is missing, the loss is the reference's to the last digit recorded."
        ),
        alt=(
            f"Loss curves on {len(found)} targets of {record.name}. "
            f"No further apart than rounding alone takes them: {listed(alike) if alike else 'none'}. "
            f"Further: {listed(apart) if apart else 'none'}."
        ),
        data=table,
        sources=[study.source("hardware", record.name)],
        draw=partial(_draw, agreement),
    )


def _table(study: Study, record: HardwareRecord, found: list[Curve]) -> Item:
    rounding = record.agreement.rounding
    return Table(
        name=slug("agreement", record.name),
        caption=(
            f"`{record.name}`: largest difference of the training loss from fp32 on one CPU thread over "
            f"{training(record)}, and the step where it is. Rounding alone reaches {rounding.largest_difference:.2g}."
        ),
        data=pd.DataFrame([vars(curve) for curve in found]),
        sources=[study.source("hardware", record.name)],
        head=[
            [
                Header("Target"),
                *map(column, ("Largest difference", "Of the loss (%)", "At step")),
                Header("Against rounding alone"),
            ]
        ],
        body=[
            [
                Cell(curve.target, head=True),
                number(f"{curve.difference:.2g}"),
                number(f"{100 * curve.relative:.2g}"),
                number(f"{curve.at_step}"),
                Cell("within it" if curve.alike else "beyond it"),
            ]
            for curve in found
        ],
    )


def _draw(agreement: Agreement) -> matplotlib.figure.Figure:
    """Two panels per target, one above the other: curves this ragged cannot be told apart on shared axes."""
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
    distance_limits = _limits(_distance(agreement, losses), logarithmic=True)
    steps = np.arange(1, len(agreement.reference) + 1)
    for place, curve in enumerate(agreement.curves):
        block, across = divmod(place, columns)
        loss, distance = grid[2 * block : 2 * block + 2, across]
        loss.set_title(curve.target)
        loss.plot(steps, agreement.reference, **REFERENCE_LINE)
        loss.plot(steps, curve.losses, **TARGET_LINE)
        distance.set_yscale("log")
        for series, look in ((agreement.rounding.losses, ROUNDING_LINE), (curve.losses, TARGET_LINE)):
            (apart,) = _distance(agreement, [series])
            distance.plot(steps, apart, marker=".", ms=3, **look)
        for axes, limits, title in (
            (loss, loss_limits, "Training loss"),
            (distance, distance_limits, "Distance"),
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


def _distance(agreement: Agreement, losses: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """From the reference, step by step; missing where there is none, which a logarithmic axis cannot show."""
    apart = np.abs(np.asarray(losses, dtype=float) - np.asarray(agreement.reference, dtype=float))
    return np.where(apart > 0, apart, np.nan)


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
