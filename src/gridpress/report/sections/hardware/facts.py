"""What the hardware prose says, as values that turn around with the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.benchmark.records.targets import TargetLimits
from gridpress.benchmark.records.timing import TimingInterval
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import shown
from gridpress.report.sections.hardware import (
    agreement,
    conventions,
    machine_comparison,
    published_times,
    returns,
    scaling,
    speedups,
    workloads,
)
from gridpress.report.sections.hardware.roofline import REASONS
from gridpress.report.sections.hardware.time_saved import saving


@dataclass(frozen=True)
class Gain:
    """The fastest target for a network's training step: speedup and share of time saved over the reference."""

    model: str
    work: str
    target: str
    speedup: TimingInterval | None
    saved: TimingInterval | None

    @property
    def told(self) -> bool:
        """The target is faster, beyond what chance explains."""
        return self.speedup is not None and self.speedup.low > 1


@dataclass(frozen=True)
class Pace:
    """One fitted exponent in words."""

    subject: str
    axis: str
    exponent: str
    pace: str


@dataclass(frozen=True)
class MachineFacts:
    """What is said of one machine."""

    record: HardwareRecord
    reference: str | None
    measured: Sequence[str]
    absent: Sequence[tuple[str, str]]
    accelerators: Sequence[str]
    gains: Sequence[Gain]
    compared: int
    open: int
    bounds: Sequence[tuple[str, int]]
    cases: int
    shares: tuple[float, float] | None
    limits: dict[str, TargetLimits]
    alike: Sequence[str]
    apart: Sequence[agreement.Curve]
    training: str
    paces: Sequence[Pace]
    fit: str
    predict: str

    @property
    def heavy(self) -> bool:
        return self.record.foreign_load.heavy

    @property
    def foreign_share(self) -> float:
        """Of all cores' time, before or on average during the measurement, whichever is more."""
        load = self.record.foreign_load
        return max(load.before, sum(load.during) / len(load.during) if load.during else 0.0)


@dataclass(frozen=True)
class HardwareFacts:
    """Of all machines together."""

    machines: Sequence[MachineFacts]
    spread: conventions.Spread | None
    unexplained: int
    explained: int
    most_per_second: Sequence[dict[str, object]]
    shared: int
    published: tuple[float, float] | None


def facts(study: Study) -> HardwareFacts:
    """Everything that the hardware templates say."""
    printed = conventions.printed(study)
    gains = returns.gains(study)
    best = (
        gains.loc[gains.groupby("dataset", sort=False)["per_second"].idxmax()] if not gains.empty else gains
    )
    pairs = published_times.pairs(study)
    return HardwareFacts(
        machines=[machine(record) for record in study.hardware.values()],
        spread=conventions.spread(study),
        unexplained=sum(not entry.found for entry in printed),
        explained=sum(bool(entry.found) for entry in printed),
        most_per_second=rows_of(best),
        shared=len(machine_comparison.common(list(study.hardware.values()))),
        published=(pairs["ratio"].min(), pairs["ratio"].max()) if not pairs.empty else None,
    )


def machine(record: HardwareRecord) -> MachineFacts:
    """What is said of one record."""
    compared = speedups.ratios(record)
    curves = agreement.curves(record.agreement)
    reasons = [case.roofline.bound_by for case in record.cases]
    shares = [case.roofline.share for case in record.cases]
    return MachineFacts(
        record=record,
        reference=workloads.reference(record),
        measured=workloads.measured(record),
        absent=[(entry.name, entry.absent) for entry in record.targets if entry.absent is not None],
        accelerators=workloads.accelerators(record),
        gains=[_gain(record, item) for item in _first_training(record)],
        compared=len(compared),
        open=int((~compared["distinguishable"].astype(bool)).sum()),
        bounds=sorted(
            ((REASONS[reason], reasons.count(reason)) for reason in dict.fromkeys(reasons)),
            key=lambda e: -e[1],
        ),
        cases=len(record.cases),
        shares=(min(shares), max(shares)) if shares else None,
        limits={entry.name: entry.limits for entry in record.targets if entry.limits},
        alike=[curve.target for curve in curves if curve.alike],
        apart=[curve for curve in curves if not curve.alike],
        training=agreement.training(record),
        paces=[
            Pace(
                f"{'an' if entry.model is None else 'a'} {scaling.subject(entry)}",
                scaling.AXES[entry.axis],
                scaling.exponent_words(entry.exponent),
                scaling.pace(entry.exponent),
            )
            for entry in record.growth
        ],
        fit=scaling.verdict(record.svm.fit_speedup),
        predict=scaling.verdict(record.svm.predict_speedup),
    )


def _first_training(record: HardwareRecord) -> list[workloads.Work]:
    """The training step of every network with the first optimizer and batch size."""
    seen: dict[str, workloads.Work] = {}
    for item in workloads.works(record):
        if item.optimizer is not None:
            seen.setdefault(item.model, item)
    return list(seen.values())


def _gain(record: HardwareRecord, item: workloads.Work) -> Gain:
    case = workloads.fastest(record, item)
    ratio = workloads.speedup(record, item, case.target, workloads.reference(record))
    return Gain(shown(item.model), workloads.work(item), case.target, ratio, saving(ratio) if ratio else None)
