from __future__ import annotations

import pytest

from gridpress.benchmark.records.growth import Growth


def test_growth_is_extrapolated_along_the_fitted_power_law():
    sizes = [100, 200, 400]
    growth = Growth.of("svm fit", "samples", sizes, [[2e-6 * size**2] * 5 for size in sizes], held=784)
    assert growth.exponent.value == pytest.approx(2)
    assert growth.seconds_at(1000) == pytest.approx(2.0, rel=1e-4)
    assert (growth.model, growth.target, growth.held) == (None, None, 784)
