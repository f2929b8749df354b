"""The ways to use a device, and the best that each can do."""

from __future__ import annotations

from pydantic import Field

from gridpress.config.hardware import Target
from gridpress.config.values import Name
from gridpress.study.records.base import RecordPart


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
