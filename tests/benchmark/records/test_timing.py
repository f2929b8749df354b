from __future__ import annotations

from gridpress.benchmark.records.timing import BlockTiming, TimingInterval


def test_blocks_are_kept_in_the_order_measured_beside_their_median_and_quartiles():
    timing = BlockTiming.of([4.0, 1.0, 2.0, 3.0, 5.0])
    assert timing.blocks == [4.0, 1.0, 2.0, 3.0, 5.0]
    assert (timing.lower_quartile, timing.median.value, timing.upper_quartile) == (2.0, 3.0, 4.0)
    assert timing.median.low <= timing.median.value <= timing.median.high


def test_an_interval_excludes_what_lies_outside_of_it():
    interval = TimingInterval(value=2.0, low=1.5, high=2.5)
    assert interval.excludes(1.0)
    assert interval.excludes(3.0)
    assert not interval.excludes(1.5)
