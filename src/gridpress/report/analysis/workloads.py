"""What a machine did, on which targets, and how these compare: questions to its record."""

from __future__ import annotations

from typing import NamedTuple

from gridpress.benchmark.cases import REFERENCE
from gridpress.benchmark.records.cases import Baseline, CaseRecord, TargetComparison, TimingInterval
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.presentation.names import shown

INFERENCE = "inference"


class Workload(NamedTuple):
    """What is done in a step, wherever it is done; `optimizer` is None for inference."""

    model: str
    optimizer: str | None
    batch_size: int

    @classmethod
    def of(cls, entry: CaseRecord | TargetComparison | Baseline) -> Workload:
        return cls(entry.model, entry.optimizer, entry.batch_size)

    @property
    def kind(self) -> str:
        """The optimizer of a training step, or inference."""
        return INFERENCE if self.optimizer is None else shown(self.optimizer)


def measured(record: HardwareRecord) -> list[str]:
    """Targets that were there, in the order of params.yaml."""
    return [target.name for target in record.targets if target.absent is None]


def absent(record: HardwareRecord) -> dict[str, str]:
    """Targets that were not, and why."""
    return {target.name: target.absent for target in record.targets if target.absent is not None}


def accelerators(record: HardwareRecord) -> list[str]:
    """Targets that were there and are no CPU."""
    return [entry.name for entry in record.targets if entry.absent is None and entry.target.device != "cpu"]


def several_batches(record: HardwareRecord) -> bool:
    """Whether tables need a column for the batch size."""
    return len(record.settings.batch_sizes) > 1


def reference(record: HardwareRecord) -> str | None:
    """The target that others are held against: fp32 on one CPU thread, or the first that was measured."""
    plain = [target.name for target in record.targets if target.target == REFERENCE and not target.absent]
    return next(iter([*plain, *measured(record)]), None)


def tuned(record: HardwareRecord, workload: Workload) -> str | None:
    """The CPU target of least time for a workload: threads, precision and memory format at their best."""
    return next((entry.target for entry in record.cpu_baselines if Workload.of(entry) == workload), None)


def find(record: HardwareRecord, workload: Workload, target: str | None) -> CaseRecord | None:
    """The case of a workload on a target."""
    return next((c for c in record.cases if Workload.of(c) == workload and c.target == target), None)


def workloads(record: HardwareRecord) -> list[Workload]:
    """Each once, in the order measured."""
    return list(dict.fromkeys(Workload.of(case) for case in record.cases))


def speedup(
    record: HardwareRecord, workload: Workload, target: str, baseline: str | None
) -> TimingInterval | None:
    """How many times as fast as on `baseline`; None where the two were not compared.

    The record holds every pair once; the other way round is the reciprocal, whose ends change places.
    """
    for entry in record.comparisons:
        if Workload.of(entry) == workload:
            if (entry.target, entry.baseline) == (target, baseline):
                return entry.speedup
            if (entry.target, entry.baseline) == (baseline, target):
                there = entry.speedup
                return TimingInterval(value=1 / there.value, low=1 / there.high, high=1 / there.low)
    return None


def fastest(record: HardwareRecord, workload: Workload) -> CaseRecord:
    """The case of least median time."""
    found = [case for case in record.cases if Workload.of(case) == workload]
    return min(found, key=lambda case: case.seconds.median.value)
