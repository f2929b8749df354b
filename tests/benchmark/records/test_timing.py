from __future__ import annotations

from gridpress.benchmark.records.timing import TimingInterval


def test_an_interval_excludes_what_lies_outside_of_it():
    interval = TimingInterval(value=2.0, low=1.5, high=2.5)
    assert interval.excludes(1.0)
    assert interval.excludes(3.0)
    assert not interval.excludes(1.5)
