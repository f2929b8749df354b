"""Repeated timings with their spread."""

from __future__ import annotations

from pydantic import Field

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
