"""What the hardware prose says, as values that turn around with the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gridpress.benchmark.records.cases import TimingInterval
from gridpress.benchmark.records.hardware import Growth, HardwareRecord
from gridpress.report.analysis import workloads
from gridpress.report.analysis.workloads import Workload
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import shown, with_article
from gridpress.report.sections.hardware import (
    agreement,
    conventions,
    growth_words,
    machine_comparison,
    published_times,
    speedups,
)
from gridpress.report.sections.hardware.gains import gains
from gridpress.report.sections.hardware.svm_kernels import verdict
from gridpress.report.sections.hardware.time_saved import saving


@dataclass(frozen=True)
class Gain:
    """The fastest target for a network's training step, over the reference."""

    model: str
    work: str
    target: str
    speedup: TimingInterval | None
    saved: TimingInterval | None

    @property
    def significant(self) -> bool:
        """The target is faster, beyond what chance explains."""
        return self.speedup is not None and self.speedup.low > 1


@dataclass(frozen=True)
class ScalingExponent:
    """One fitted exponent in words."""

    subject: str
    axis: str
    exponent: TimingInterval
    order: str


@dataclass(frozen=True)
class MachineFacts:
    """What is said of one machine."""

    record: HardwareRecord
    reference: str | None
    absent: Mapping[str, str]
    accelerators: Sequence[str]
    gains: Sequence[Gain]
    compared: int
    not_significant: int
    bounds: Mapping[str, int]
    cases: int
    shares: tuple[float, float] | None
    within_rounding: Sequence[str]
    beyond_rounding: Sequence[agreement.LossDeviation]
    training: str
    scalings: Sequence[ScalingExponent]
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
    disagreement: conventions.Disagreement | None
    unexplained: int
    explained: int
    most_per_second: Sequence[dict[str, object]]
    shared: int
    published: tuple[float, float] | None


def facts(study: Study) -> HardwareFacts:
    """Everything that the hardware templates say."""
    counts = conventions.published_counts(study)
    gained = gains(study)
    most = gained.sort_values("per_second", ascending=False, kind="stable").groupby("dataset", sort=False)
    pairs = published_times.pairs(study)
    return HardwareFacts(
        machines=[machine(record) for record in study.hardware.values()],
        disagreement=conventions.disagreement(study),
        unexplained=sum(not entry.found for entry in counts),
        explained=sum(bool(entry.found) for entry in counts),
        most_per_second=rows_of(most.head(1).sort_index()),
        shared=len(machine_comparison.common(list(study.hardware.values()))),
        published=(pairs["ratio"].min(), pairs["ratio"].max()) if not pairs.empty else None,
    )


def machine(record: HardwareRecord) -> MachineFacts:
    """What is said of one record."""
    compared = speedups.ratios(record)
    deviations = agreement.deviations(record.agreement)
    shares = [case.roofline.share for case in record.cases]
    return MachineFacts(
        record=record,
        reference=workloads.reference(record),
        absent=workloads.absent(record),
        accelerators=workloads.accelerators(record),
        gains=[_gain(record, workload) for workload in _first_training(record)],
        compared=len(compared),
        not_significant=int((~compared["distinguishable"].astype(bool)).sum()),
        bounds=dict(Counter(case.roofline.bound_by for case in record.cases).most_common()),
        cases=len(record.cases),
        shares=(min(shares), max(shares)) if shares else None,
        within_rounding=[entry.target for entry in deviations if entry.within_rounding],
        beyond_rounding=[entry for entry in deviations if not entry.within_rounding],
        training=agreement.training(record),
        scalings=[_scaling(entry) for entry in record.growth],
        fit=verdict(record.svm.fit_speedup),
        predict=verdict(record.svm.predict_speedup),
    )


def _scaling(entry: Growth) -> ScalingExponent:
    return ScalingExponent(
        subject=with_article(growth_words.subject(entry)),
        axis=growth_words.AXES[entry.axis],
        exponent=entry.exponent,
        order=growth_words.order(entry.exponent),
    )


def _first_training(record: HardwareRecord) -> list[Workload]:
    """The training step of every network with the first optimizer and batch size."""
    seen: dict[str, Workload] = {}
    for workload in workloads.workloads(record):
        if workload.optimizer is not None:
            seen.setdefault(workload.model, workload)
    return list(seen.values())


def _gain(record: HardwareRecord, workload: Workload) -> Gain:
    case = workloads.fastest(record, workload)
    ratio = workloads.speedup(record, workload, case.target, workloads.reference(record))
    return Gain(shown(workload.model), workload.kind, case.target, ratio, saving(ratio) if ratio else None)
