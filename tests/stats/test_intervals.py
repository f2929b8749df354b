"""Published values, and coverage found by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom, ttest_ind

from gridpress.stats.intervals import (
    ALPHA,
    NO_INTERVAL,
    Interval,
    mean_interval,
    welch_interval,
    wilson,
)


def test_wilson_matches_published_values():
    """Newcombe 1998, table I, method 3."""
    interval = wilson(81, 263)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)
    interval = wilson(15, 148)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0624, 0.1605)


def test_wilson_holds_the_accuracy_itself_whatever_rounding_does():
    for images in range(1, 2000):
        assert not wilson(images, images).excludes(1.0)
        assert not wilson(0, images).excludes(0.0)
        assert not wilson(images // 3, images).excludes((images // 3) / images)


def test_wilson_stays_inside_zero_and_one():
    assert wilson(10, 10).high == pytest.approx(1)
    assert wilson(10, 10).low < 1
    assert wilson(0, 10).low == pytest.approx(0)


def test_no_images_no_interval():
    assert not wilson(math.nan, math.nan).known
    assert not wilson(0, 0).known


def coverage_of(images: int, accuracy: float, every: list[Interval]) -> float:
    """Probability that the interval for the number drawn covers the true accuracy, exactly."""
    inside = [correct for correct, found in enumerate(every) if found.low <= accuracy <= found.high]
    return float(binom.pmf(inside, images, accuracy).sum())


@pytest.mark.parametrize("images", [500, 1000, 14000])
def test_wilson_covers_accuracies_from_80_to_99_9_percent(images, record_property):
    every = [wilson(correct, images) for correct in range(images + 1)]
    coverage = [coverage_of(images, accuracy, every) for accuracy in np.linspace(0.80, 0.999, 60)]
    record_property("mean_coverage", float(np.mean(coverage)))
    record_property("minimum_coverage", float(np.min(coverage)))
    assert np.mean(coverage) >= 0.94
    assert np.min(coverage) > 0.85


def test_t_intervals_of_no_effect_exclude_zero_in_5_percent():
    rng = np.random.default_rng(3)
    draws = rng.normal(0, 0.01, (4000, 6))
    excluded = sum(mean_interval(row).excludes(0) for row in draws) / len(draws)
    assert abs(excluded - ALPHA) <= 3 * math.sqrt(ALPHA * (1 - ALPHA) / len(draws))


def test_interval_excludes():
    assert Interval(0.1, 0.2).excludes(0)
    assert Interval(-0.2, -0.1).excludes(0)
    assert not Interval(-0.1, 0.1).excludes(0)
    assert not NO_INTERVAL.excludes(0)


def test_welchs_interval_is_that_of_scipy():
    first, second = [0.91, 0.93, 0.92], [0.95, 0.90, 0.99, 0.97]
    wanted = ttest_ind(first, second, equal_var=False).confidence_interval()
    found = welch_interval(first, second)
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high))


def test_a_single_value_counts_as_known_and_two_of_them_give_no_interval():
    values = [0.91, 0.93, 0.92]
    mean, found = mean_interval(values), welch_interval(values, [0.5])
    assert (found.low, found.high) == pytest.approx((mean.low - 0.5, mean.high - 0.5))
    assert not welch_interval([0.9], [0.8]).known
    assert welch_interval([0.9, 0.9], [0.8]) == Interval(pytest.approx(0.1), pytest.approx(0.1))
