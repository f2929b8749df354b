"""The record of a machine."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from gridpress.benchmark.cases import Axis
from gridpress.benchmark.cost import Cost
from gridpress.benchmark.records.cases import (
    Baseline,
    BlockTiming,
    CaseRecord,
    TargetComparison,
    TargetRecord,
    TimingInterval,
)
from gridpress.config.hardware import Measure
from gridpress.config.optimizers import Optimizers
from gridpress.config.values import Name, NetworkName, OptimizerName
from gridpress.study.records.base import Count, Record, RecordPart, Share
from gridpress.system.machine import Machine


class LossCurve(RecordPart):
    """Losses of the same training on a target."""

    target: str
    losses: list[float] = Field(description="one value per step")
    largest_difference: float = Field(description="from the reference, over all steps")
    at_step: int = Field(description="where it is, from 1")


class Agreement(RecordPart):
    """The same seed on every target, against fp32 on the CPU with 1 thread."""

    model: NetworkName
    optimizer: OptimizerName
    batch_size: int
    image_size: int
    reference: list[float] = Field(description="losses of fp32 on the CPU with 1 thread, one per step")
    rounding: LossCurve = Field(
        description="the reference again, its weights moved by one part in ten million: "
        "what rounding alone does"
    )
    curves: list[LossCurve]


Growing = Literal["svm fit", "training step"]


class Growth(RecordPart):
    """How time grows with one size: seconds = coefficient x size ** exponent."""

    work: Growing
    axis: Axis
    model: NetworkName | None
    target: Name | None
    sizes: list[int]
    held: int = Field(description="the other size, which stays: pixels of an image, or images")
    seconds: list[BlockTiming]
    exponent: TimingInterval
    coefficient: float
    misfit: float = Field(description="largest relative distance of a measured median from the fitted line")

    def seconds_at(self, size: float) -> float:
        """Extrapolated seconds."""
        return float(self.coefficient * size**self.exponent.value)


class SvmTimes(RecordPart):
    """An SVM with its kernel computed in one of two ways."""

    fit: BlockTiming
    predict: BlockTiming


class SvmCost(RecordPart):
    """scikit-learn's SVC computing its kernel itself, and as the study fits it, both in one thread."""

    samples: int = Field(description="images fitted on; as many others are predicted")
    scaling: Literal["standard", "minmax", "none"]
    max_iter: int
    cache_size: int = Field(description="MB")
    own: SvmTimes
    study: SvmTimes = Field(
        description="by `gridpress.classical.svc`, a kernel matrix's computation included"
    )
    kernel_values: Literal["precomputed", "on demand"] = Field(description="of the study's way")
    fit_speedup: TimingInterval = Field(description="own kernel over the study's way")
    predict_speedup: TimingInterval = Field(description="own kernel over the study's way")
    equal_predictions: Share


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
    gridpress: str | None = Field(
        default=None, description="the version that measured; None in a record from before it was noted"
    )
    foreign_load: ForeignLoad
    settings: Measure
    optimizers: Optimizers
    made_up_images: Count = Field(
        default=0, description="of the images measured with, where the dataset has too few: copies with noise"
    )
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
