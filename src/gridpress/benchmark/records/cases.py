"""What was timed: targets, cases, and intervals of their times."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field

from gridpress.benchmark.cases import Phase
from gridpress.config.hardware import Target
from gridpress.config.values import Name, NetworkName, OptimizerName
from gridpress.study.records.base import RecordPart


class TimingInterval(RecordPart):
    """A value and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def excludes(self, value: float) -> bool:
        """True where the whole interval lies on one side of `value`."""
        return self.low > value or self.high < value


class BlockTiming(RecordPart):
    """Repeated blocks, warm-up excluded."""

    blocks: list[float] = Field(description="seconds per step or batch of each block, in the order measured")
    median: TimingInterval
    lower_quartile: float
    upper_quartile: float


class TargetLimits(RecordPart):
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


class TargetRecord(RecordPart):
    """A way to use a device: measured here, or absent with the reason."""

    name: Name
    target: Target
    absent: str | None = Field(description="why it could not be measured; None where it was")
    device_name: str | None = Field(description="of an accelerator")
    threads: int = Field(description="CPU threads that `all` stands for")
    limits: TargetLimits | None


class Roofline(RecordPart):
    """How near a step comes to what its target allows (Williams et al. 2009, doi:10.1145/1498765.1498785)."""

    intensity: float = Field(description="FLOPs per byte read or written")
    flops_per_second: float
    attainable_flops_per_second: float = Field(description="at the largest of the three least times")
    share: float = Field(description="of the attainable; caches may carry it above 1")
    bound_by: Literal["compute", "memory", "overhead"] = Field(
        description="the largest of FLOPs / peak, bytes / bandwidth, and operations x seconds of each"
    )


class CaseRecord(RecordPart):
    """A training step (with an optimizer) or an inference batch on a target."""

    model: NetworkName
    phase: Phase
    optimizer: OptimizerName | None
    batch_size: int
    image_size: int
    target: Name
    seconds: BlockTiming
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


class TargetComparison(RecordPart):
    """The same work on two targets."""

    model: NetworkName
    phase: Phase
    optimizer: OptimizerName | None
    batch_size: int
    target: Name
    baseline: Name
    speedup: TimingInterval = Field(description="median time on the baseline over median time on the target")
    distinguishable: bool = Field(description="the interval does not contain 1")


class Baseline(RecordPart):
    """The CPU target of lowest median time for a piece of work: what an accelerator has to beat."""

    model: NetworkName
    phase: Phase
    optimizer: OptimizerName | None
    batch_size: int
    target: Name
