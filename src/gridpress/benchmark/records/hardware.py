"""The whole record of one machine."""

from __future__ import annotations

from pydantic import Field, model_validator

from gridpress.benchmark.cost import Cost
from gridpress.benchmark.records.agreement import Agreement
from gridpress.benchmark.records.cases import Baseline, CaseRecord, TargetComparison
from gridpress.benchmark.records.growth import Growth
from gridpress.benchmark.records.svm import SvmCost
from gridpress.benchmark.records.targets import TargetRecord
from gridpress.config.hardware import Measure
from gridpress.config.optimizers import Optimizers
from gridpress.config.values import Name, NetworkName
from gridpress.study.records.base import Record, RecordPart, Share
from gridpress.system.machine import Machine


class ForeignLoad(RecordPart):
    """Use of the machine by others."""

    before: Share = Field(
        description="share of all cores' time that other processes took in the second before"
    )
    during: list[Share] = Field(description="the same over each round of timed blocks")
    load_average_before: list[float] | None = Field(description="over 1, 5 and 15 minutes")
    load_average_after: list[float] | None
    heavy: bool = Field(description="a tenth of all cores' time or more, before or on average during")


class HardwareRecord(Record):
    """What networks and SVMs cost on one machine."""

    named_by = "name"
    name: Name
    fingerprint: str = Field(
        description="of processor, cores and GPUs: a stage run elsewhere leaves this file alone"
    )
    machine: Machine
    foreign_load: ForeignLoad
    settings: Measure
    optimizers: Optimizers
    elapsed_seconds: float = Field(description="of the whole measurement")
    vector_instructions: str = Field(description="that PyTorch uses on the CPU")
    tf32: bool = Field(description="whether convolutions in fp32 may use TF32 on CUDA, PyTorch's default")
    networks: dict[NetworkName, Cost] = Field(description="one image of the measured size")
    targets: list[TargetRecord]
    cases: list[CaseRecord]
    comparisons: list[TargetComparison]
    cpu_baselines: list[Baseline]
    agreement: Agreement
    svm: SvmCost
    growth: list[Growth]

    @model_validator(mode="after")
    def _names_are_known(self) -> HardwareRecord:
        targets = {entry.name for entry in self.targets}
        measured: list[CaseRecord | TargetComparison | Baseline] = [
            *self.cases,
            *self.comparisons,
            *self.cpu_baselines,
        ]
        used = {
            *(entry.target for entry in measured),
            *(entry.baseline for entry in self.comparisons),
            *(curve.target for curve in self.agreement.curves),
            *(entry.target for entry in self.growth if entry.target is not None),
        }
        if unknown := used - targets:
            raise ValueError(f"{min(unknown)} is none of the targets")
        if without := {entry.model for entry in measured} - self.networks.keys():
            raise ValueError(f"networks does not hold {min(without)}")
        return self
