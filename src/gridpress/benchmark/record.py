"""What `metrics/hardware/NAME.json` holds. Times are in seconds, memory in bytes, rates per second."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field, model_validator

from gridpress.benchmark import spread
from gridpress.benchmark.cost import Cost
from gridpress.config.hardware import Measure, Target
from gridpress.config.optimizers import Optimizers
from gridpress.config.values import Name, OptimizerName
from gridpress.study.records import Part, Record, Share
from gridpress.system.machine import Machine


class Interval(Part):
    """A value and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, estimate: spread.Estimate) -> Interval:
        """Six significant digits of each."""
        return cls(**{key: spread.rounded(value) for key, value in estimate._asdict().items()})

    def excludes(self, value: float) -> bool:
        """True where the whole interval lies on one side of `value`."""
        return self.low > value or self.high < value


class Timing(Part):
    """Repeated blocks, warm-up excluded."""

    blocks: list[float] = Field(description="seconds per step or batch of each block, in the order measured")
    median: Interval
    lower_quartile: float
    upper_quartile: float

    @classmethod
    def of(cls, blocks: Sequence[float]) -> Timing:
        """The spread of seconds per step."""
        lower, upper = (spread.rounded(float(np.percentile(blocks, percent))) for percent in (25, 75))
        return cls(
            blocks=list(blocks),
            median=Interval.of(spread.median(blocks)),
            lower_quartile=lower,
            upper_quartile=upper,
        )


class Limits(Part):
    """The best that was measured on a target, in its precision and with its threads."""

    matmul_flops_per_second: float = Field(description="product of two square matrices")
    convolution_flops_per_second: float = Field(
        description="3x3 convolution, 256 channels to 256, without padding"
    )
    bandwidth_bytes_per_second: float = Field(description="copy or update of memory, read plus written")
    operation_seconds: float = Field(
        description="time of an operation on one number: what each costs at least"
    )

    @property
    def peak(self) -> float:
        """FLOP/s that nothing on the target exceeded."""
        return max(self.matmul_flops_per_second, self.convolution_flops_per_second)

    @property
    def ridge(self) -> float:
        """FLOPs per byte from which on arithmetic and no longer memory is the limit."""
        return self.peak / self.bandwidth_bytes_per_second


class TargetRecord(Part):
    """A way to use a device: measured here, or absent with the reason."""

    name: Name
    target: Target
    absent: str | None = Field(description="why it could not be measured; None where it was")
    device_name: str | None = Field(description="of an accelerator")
    threads: int = Field(description="CPU threads that `all` stands for")
    limits: Limits | None


class Roofline(Part):
    """How near a step comes to what its target allows (Williams et al. 2009, doi:10.1145/1498765.1498785)."""

    intensity: float = Field(description="FLOPs per byte read or written")
    flops_per_second: float
    attainable_flops_per_second: float = Field(description="at the largest of the three least times")
    share: float = Field(description="of the attainable; caches may carry it above 1")
    bound_by: Literal["compute", "memory", "overhead"] = Field(
        description="the largest of FLOPs / peak, bytes / bandwidth, and operations x seconds of each"
    )


class CaseRecord(Part):
    """A training step (with an optimizer) or an inference batch on a target."""

    model: Name
    phase: Literal["training", "inference"]
    optimizer: OptimizerName | None
    batch_size: int
    image_size: int
    target: Name
    seconds: Timing
    images_per_second: float = Field(description="at the median")
    process_peak_bytes: int = Field(description="resident memory of a process that runs this case alone")
    device_peak_bytes: int | None = Field(description="of tensors on an accelerator")
    flops_fvcore: int = Field(description="per step: forward pass by fvcore, three times it where training")
    flops_torch: int = Field(description="per step, backward pass counted too, by torch.utils.flop_counter")
    bytes_moved: int = Field(description="per step: what each operation reads and writes, by itself")
    operations: int = Field(description="per step")
    roofline: Roofline

    def epoch_seconds(self, images: int) -> float:
        """Seconds of one pass over so many images."""
        return self.seconds.median.value * math.ceil(images / self.batch_size)


class Comparison(Part):
    """The same work on two targets."""

    model: Name
    phase: Literal["training", "inference"]
    optimizer: OptimizerName | None
    batch_size: int
    target: Name
    baseline: Name
    speedup: Interval = Field(description="median time on the baseline over median time on the target")
    distinguishable: bool = Field(description="the interval does not contain 1")


class Baseline(Part):
    """The CPU target of lowest median time for a piece of work: what an accelerator has to beat."""

    model: Name
    phase: Literal["training", "inference"]
    optimizer: OptimizerName | None
    batch_size: int
    target: Name


class LossCurve(Part):
    """Losses of the same training on a target."""

    target: str
    losses: list[float] = Field(description="one value per step")
    largest_difference: float = Field(description="from the reference, over all steps")
    at_step: int = Field(description="where it is, from 1")


class Agreement(Part):
    """The same seed on every target, against fp32 on the CPU with 1 thread."""

    model: Name
    optimizer: OptimizerName
    batch_size: int
    image_size: int
    reference: list[float] = Field(description="losses of fp32 on the CPU with 1 thread, one per step")
    rounding: LossCurve = Field(
        description="the reference again from weights moved by one part in ten million: what rounding alone does"
    )
    curves: list[LossCurve]


class SvmTimes(Part):
    """A support vector machine with its kernel computed in one of two ways."""

    fit: Timing
    predict: Timing


class SvmCost(Part):
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
    fit_speedup: Interval = Field(description="own kernel over the study's way")
    predict_speedup: Interval = Field(description="own kernel over the study's way")
    equal_predictions: Share


class Growth(Part):
    """How time grows with one size: seconds = coefficient x size ** exponent."""

    work: Literal["svm fit", "training step"]
    axis: Literal["samples", "pixels"]
    model: Name | None
    target: Name | None
    sizes: list[int]
    held: int = Field(description="the other size, which stays: pixels of an image, or images")
    seconds: list[Timing]
    exponent: Interval
    coefficient: float
    misfit: float = Field(description="largest relative distance of a measured median from the fitted line")

    @classmethod
    def of(
        cls,
        work: Literal["svm fit", "training step"],
        axis: Literal["samples", "pixels"],
        sizes: Sequence[int],
        seconds: Sequence[Sequence[float]],
        *,
        held: int,
        model: Name | None = None,
        target: Name | None = None,
    ) -> Growth:
        """Fitted to the repeats at each size."""
        law = spread.power_law(sizes, seconds)
        return cls(
            work=work,
            axis=axis,
            model=model,
            target=target,
            sizes=list(sizes),
            held=held,
            seconds=[Timing.of(blocks) for blocks in seconds],
            exponent=Interval.of(law.exponent),
            coefficient=spread.rounded(law.coefficient),
            misfit=spread.rounded(law.misfit),
        )

    def seconds_at(self, size: float) -> float:
        """Extrapolated seconds."""
        return float(self.coefficient * size**self.exponent.value)


class ForeignLoad(Part):
    """Use of the machine by others."""

    before: Share = Field(
        description="share of all cores' time that other processes took in the second before"
    )
    during: list[Share] = Field(description="the same over each round of timed blocks")
    load_average_before: list[float] | None = Field(description="over 1, 5 and 15 minutes")
    load_average_after: list[float] | None
    heavy: bool = Field(description="a tenth of all cores' time or more, before or on average during")


class HardwareRecord(Record):
    """What networks and support vector machines cost on one machine."""

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
    networks: dict[Name, Cost] = Field(description="one image of the measured size")
    targets: list[TargetRecord]
    cases: list[CaseRecord]
    comparisons: list[Comparison]
    cpu_baselines: list[Baseline]
    agreement: Agreement
    svm: SvmCost
    growth: list[Growth]

    @model_validator(mode="after")
    def _names_are_known(self) -> HardwareRecord:
        targets = {entry.name for entry in self.targets}
        measured: list[CaseRecord | Comparison | Baseline] = [
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
