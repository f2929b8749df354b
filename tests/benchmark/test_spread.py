from __future__ import annotations

import numpy as np
import pytest

from gridpress.benchmark import spread


@pytest.fixture
def fewer(monkeypatch):
    """Enough resamples for a simulation of many experiments."""
    monkeypatch.setattr(spread, "RESAMPLES", 999)


def test_median_of_equal_values_has_no_spread():
    assert spread.median([2.0] * 5) == (2.0, 2.0, 2.0)


def test_median_interval_lies_within_the_values():
    value, low, high = spread.median([5.0, 1.0, 3.0, 2.0, 4.0])
    assert value == 3
    assert 1 <= low < 3 < high <= 5


def test_same_values_give_the_same_interval():
    values = list(np.random.default_rng(0).normal(size=9))
    assert spread.median(values) == spread.median(values)


def test_ratio_of_proportional_rounds_is_exact():
    slow = [4.0, 8.0, 6.0, 40.0, 5.0]
    assert spread.ratio(slow, [value / 2 for value in slow]) == (2.0, 2.0, 2.0)


def test_ratio_needs_as_many_rounds():
    with pytest.raises(ValueError, match="3 rounds over 2"):
        spread.ratio([1, 2, 3], [1, 2])


@pytest.mark.usefixtures("fewer")
def test_intervals_cover_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(1)
    medians = ratios = 0
    experiments = 400
    for _ in range(experiments):
        first, second = (np.exp(0.1 * rng.standard_normal(9)) for _ in range(2))
        _, low, high = spread.median(first)
        medians += low <= 1 <= high
        _, low, high = spread.ratio(2 * second, first)
        ratios += low <= 2 <= high
    assert 0.90 <= medians / experiments <= 0.99
    assert 0.90 <= ratios / experiments <= 0.99


@pytest.mark.usefixtures("fewer")
def test_ratio_of_equal_targets_rarely_excludes_one():
    rng = np.random.default_rng(2)
    excluded = 0
    for _ in range(400):
        drift = np.exp(0.5 * rng.standard_normal(9))  # slows a whole round
        _, low, high = spread.ratio(*(drift * np.exp(0.05 * rng.standard_normal(9)) for _ in range(2)))
        excluded += not low <= 1 <= high
    assert excluded / 400 <= 0.10


def noisy_power_law(rng: np.random.Generator, sizes: list[int]) -> list[list[float]]:
    return [[3e-6 * size**1.8 * np.exp(0.02 * rng.standard_normal()) for _ in range(9)] for size in sizes]


def test_power_law_recovers_a_known_exponent():
    sizes = [250, 500, 1000]
    law = spread.power_law(sizes, noisy_power_law(np.random.default_rng(3), sizes))
    assert law.exponent.value == pytest.approx(1.8, abs=0.03)
    assert law.exponent.high - law.exponent.low < 0.1
    assert law.coefficient * 2000**law.exponent.value == pytest.approx(3e-6 * 2000**1.8, rel=0.1)
    assert law.misfit < 0.03


@pytest.mark.usefixtures("fewer")
def test_interval_of_an_exponent_covers_the_known_one():
    rng = np.random.default_rng(4)
    sizes = [250, 500, 1000]
    laws = [spread.power_law(sizes, noisy_power_law(rng, sizes)).exponent for _ in range(200)]
    assert 0.88 <= sum(law.low <= 1.8 <= law.high for law in laws) / 200 <= 0.99


def test_misfit_shows_what_is_no_power_law():
    sizes = [1, 10, 100]
    law = spread.power_law(sizes, [[10.0 + size] * 5 for size in sizes])
    assert law.misfit > 0.3


def test_six_digits_are_kept():
    assert spread.rounded(0.123456789) == 0.123457
    assert spread.rounded(1.23456789e11) == 1.23457e11
