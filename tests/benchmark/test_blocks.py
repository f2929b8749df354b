from __future__ import annotations

import pytest

from gridpress.benchmark.blocks import block_timing, growth


def test_blocks_are_kept_in_the_order_measured_beside_their_median_and_quartiles():
    timing = block_timing([4.0, 1.0, 2.0, 3.0, 5.0])
    assert timing.blocks == [4.0, 1.0, 2.0, 3.0, 5.0]
    assert (timing.lower_quartile, timing.median.value, timing.upper_quartile) == (2.0, 3.0, 4.0)
    assert timing.median.low <= timing.median.value <= timing.median.high


def test_growth_is_extrapolated_along_the_fitted_power_law():
    sizes = [100, 200, 400]
    fitted = growth("svm fit", "samples", sizes, [[2e-6 * size**2] * 5 for size in sizes], held=784)
    assert fitted.exponent.value == pytest.approx(2)
    assert fitted.seconds_at(1000) == pytest.approx(2.0, rel=1e-4)
    assert (fitted.model, fitted.target, fitted.held) == (None, None, 784)
