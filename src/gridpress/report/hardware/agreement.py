"""The same training on every target: how far the losses part, held against what rounding alone does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.hardware.record import Agreement, HardwareRecord
from gridpress.report import style
from gridpress.report.hardware import marks
from gridpress.report.items import Figure, Item, Table, column, number, slug
from gridpress.report.markup import Cell, Header
from gridpress.report.names import listed, shown
from gridpress.report.study import Study

ROUNDING = "rounding alone"


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
            f"`{record.name}`: training loss of {training(record)}, from the same seed on every target, and its "
            "distance from fp32 on one CPU thread. Wide grey line: the reference again, from weights moved by about "
            "their rounding error, which is what rounding alone does. "
            "Where a curve is missing, the loss is the reference's to the last digit recorded."
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
    figure, (left, right) = plt.subplots(1, 2, figsize=(style.TEXT_WIDTH, 2.9))
    steps = np.arange(1, len(agreement.reference) + 1)
    left.plot(steps, agreement.reference, color=style.INK, lw=2.2, alpha=0.35)
    reference = np.asarray(agreement.reference)
    ends = []
    lines = [(agreement.rounding, style.SOFT, "-", 2.5, ROUNDING)] + [
        (curve, style.INK, style.DASHES[place % len(style.DASHES)], 1.0, curve.target)
        for place, curve in enumerate(agreement.curves)
    ]
    for curve, colour, dash, width, name in lines:
        if name != ROUNDING:
            left.plot(steps, curve.losses, color=colour, ls=dash, lw=width)
        apart = np.abs(np.asarray(curve.losses) - reference)
        seen = np.where(apart > 0, apart, np.nan)
        if np.isnan(seen).all():
            continue
        right.plot(
            steps,
            seen,
            color=colour,
            ls=dash,
            lw=width,
            marker=".",
            ms=3,
            alpha=0.5 if name == ROUNDING else 1,
        )
        ends.append((float(seen[~np.isnan(seen)][-1]), name))
    left.set_title("Training loss")
    right.set_title("Distance from the reference")
    right.set_yscale("log")
    for axes in (left, right):
        axes.set_xlabel("Step")
        axes.grid(visible=True)
        axes.xaxis.get_major_locator().set_params(integer=True)
    if ends:
        marks.end_labels(right, ends)
    return figure
