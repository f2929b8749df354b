"""Repeated timings with their spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from gridpress.benchmark import spread
from gridpress.study.records.base import Part


class TimingInterval(Part):
    """A value and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, estimate: spread.Estimate) -> TimingInterval:
        """Six significant digits of each."""
        return cls(**{key: spread.rounded(value) for key, value in estimate._asdict().items()})

    def excludes(self, value: float) -> bool:
        """True where the whole interval lies on one side of `value`."""
        return self.low > value or self.high < value


class BlockTiming(Part):
    """Repeated blocks, warm-up excluded."""

    blocks: list[float] = Field(description="seconds per step or batch of each block, in the order measured")
    median: TimingInterval
    lower_quartile: float
    upper_quartile: float

    @classmethod
    def of(cls, blocks: Sequence[float]) -> BlockTiming:
        """The spread of seconds per step."""
        lower, upper = (spread.rounded(float(np.percentile(blocks, percent))) for percent in (25, 75))
        return cls(
            blocks=list(blocks),
            median=TimingInterval.of(spread.median(blocks)),
            lower_quartile=lower,
            upper_quartile=upper,
        )
