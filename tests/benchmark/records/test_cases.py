from __future__ import annotations

from gridpress.benchmark.records.cases import TargetLimits, TimingInterval


def test_the_peak_is_the_faster_of_both_and_the_ridge_where_memory_stops_to_be_the_limit():
    limits = TargetLimits(
        matmul_flops_per_second=2e12,
        convolution_flops_per_second=3e12,
        bandwidth_bytes_per_second=1e11,
        operation_seconds=1e-6,
    )
    assert (limits.peak, limits.ridge) == (3e12, 30.0)


def test_an_interval_excludes_what_lies_outside_of_it():
    interval = TimingInterval(value=2.0, low=1.5, high=2.5)
    assert interval.excludes(1.0)
    assert interval.excludes(3.0)
    assert not interval.excludes(1.5)
