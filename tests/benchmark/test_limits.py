from __future__ import annotations

import pytest

from gridpress.benchmark.footprint import Footprint
from gridpress.benchmark.limits import measure_limits, roofline
from gridpress.benchmark.records.cases import TargetLimits

LIMITS = TargetLimits(
    matmul_flops_per_second=50e9,
    convolution_flops_per_second=100e9,
    bandwidth_bytes_per_second=10e9,
    operation_seconds=1e-6,
)


def needs(flops: float, moved: float, operations: int) -> Footprint:
    return Footprint(int(flops), int(moved), operations, 0, None)


def test_the_ridge_is_where_memory_stops_being_the_limit():
    assert LIMITS.peak == 100e9
    assert LIMITS.ridge == 10


def test_many_flops_per_byte_are_bound_by_arithmetic():
    found = roofline(needs(100e9, 1e9, 10), 4.0, LIMITS)
    assert (found.bound_by, found.share, found.intensity) == ("compute", 0.25, 100)
    assert found.attainable_flops_per_second == 100e9
    assert found.flops_per_second == 25e9


def test_few_flops_per_byte_are_bound_by_memory():
    found = roofline(needs(1e9, 1e9, 10), 0.2, LIMITS)
    assert (found.bound_by, found.share) == ("memory", 0.5)
    assert found.attainable_flops_per_second == pytest.approx(1 * 10e9)


def test_many_small_operations_are_bound_by_overhead():
    found = roofline(needs(1e6, 1e5, 1000), 0.002, LIMITS)
    assert (found.bound_by, found.share) == ("overhead", 0.5)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_limits_of_the_cpu_are_plausible(target, precision):
    limits = measure_limits(target(precision=precision), threads=1)
    assert 1e8 < limits.peak < 1e14
    assert 1e8 < limits.bandwidth_bytes_per_second < 1e13
    assert 1e-8 < limits.operation_seconds < 1e-3
