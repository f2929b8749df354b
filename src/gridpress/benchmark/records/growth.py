"""How time grows with the number of images, and with their pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from gridpress.benchmark import spread
from gridpress.benchmark.cases import Axis
from gridpress.benchmark.records.timing import BlockTiming, TimingInterval
from gridpress.schema.values import Name, NetworkName
from gridpress.study.records.base import Part

Growing = Literal["svm fit", "training step"]


class Growth(Part):
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

    @classmethod
    def of(
        cls,
        work: Growing,
        axis: Axis,
        sizes: Sequence[int],
        seconds: Sequence[Sequence[float]],
        *,
        held: int,
        model: NetworkName | None = None,
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
            seconds=[BlockTiming.of(blocks) for blocks in seconds],
            exponent=TimingInterval.of(law.exponent),
            coefficient=spread.rounded(law.coefficient),
            misfit=spread.rounded(law.misfit),
        )

    def seconds_at(self, size: float) -> float:
        """Extrapolated seconds."""
        return float(self.coefficient * size**self.exponent.value)
