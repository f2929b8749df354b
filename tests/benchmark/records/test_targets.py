from __future__ import annotations

from gridpress.benchmark.records.targets import TargetLimits


def test_the_peak_is_the_faster_of_both_and_the_ridge_where_memory_stops_to_be_the_limit():
    limits = TargetLimits(
        matmul_flops_per_second=2e12,
        convolution_flops_per_second=3e12,
        bandwidth_bytes_per_second=1e11,
        operation_seconds=1e-6,
    )
    assert (limits.peak, limits.ridge) == (3e12, 30.0)
