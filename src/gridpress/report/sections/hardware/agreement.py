"""The same training on every target: how far the losses deviate, against what rounding alone does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from gridpress.benchmark.records.agreement import Agreement
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import listed, shown
from gridpress.report.presentation.tables import Column, leading, table, words
from gridpress.report.sections.hardware.agreement_plot import ROUNDING, draw


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
        draw=partial(draw, agreement),
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
