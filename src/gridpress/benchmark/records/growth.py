"""How time grows with the number of images, and with their pixels."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gridpress.benchmark.cases import Axis
from gridpress.benchmark.records.timing import BlockTiming, TimingInterval
from gridpress.config.values import Name, NetworkName
from gridpress.study.records.base import RecordPart

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
