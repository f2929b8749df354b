"""Values by hand, and error rates found by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import f as f_distribution
from scipy.stats import ttest_1samp

from gridpress.stats.effects import effect
from gridpress.stats.intervals import ALPHA, NO_INTERVAL, Interval, mean_interval


def ends(interval: Interval) -> tuple[float, float]:
    return interval.low, interval.high


def test_with_one_seed_the_interval_of_an_effect_is_that_of_the_mean_over_pairs():
    found = effect([[0.01], [0.02], [0.04]])
    assert found.difference == pytest.approx(0.07 / 3)
    assert (found.pairs, found.seeds, found.rising) == (3, 1, 3)
    assert ends(found.interval) == pytest.approx(ends(mean_interval([0.01, 0.02, 0.04])))


def test_with_one_pair_the_interval_of_an_effect_is_that_of_the_mean_over_seeds():
    found = effect([[0.01, 0.02, 0.04]])
    assert ends(found.interval) == pytest.approx(ends(mean_interval([0.01, 0.02, 0.04])))


def test_over_pairs_and_seeds_the_variances_of_both_means_are_added():
    """By hand: min F' with its degrees of freedom, from F over pairs and F over seeds (Clark 1973)."""
    found = effect([[0.01, 0.03], [0.02, 0.04], [0.03, 0.08]])
    by_pair, by_seed = ttest_1samp([0.02, 0.03, 0.055], 0), ttest_1samp([0.02, 0.05], 0)
    pairs, seeds = by_pair.statistic**2, by_seed.statistic**2
    smallest = pairs * seeds / (pairs + seeds)
    degrees = (pairs + seeds) ** 2 / (pairs**2 / 1 + seeds**2 / 2)
    assert found.p_value == pytest.approx(f_distribution.sf(smallest, 1, degrees))


def test_effect_inside_seed_noise_is_not_distinguishable():
    found = effect([[0.04, -0.02], [0.05, -0.01], [0.045, -0.015]])
    assert mean_interval([0.01, 0.02, 0.015]).excludes(0)
    assert not found.interval.excludes(0)
    assert found.p_value > ALPHA


def test_effect_beyond_both_is_distinguishable():
    assert effect([[0.04, 0.05], [0.05, 0.04], [0.045, 0.05]]).p_value < ALPHA


@pytest.mark.parametrize(
    ("pair", "seed", "rest"), [(1, 0, 1), (0, 0, 1), (1, 0.3, 1), (1, 0.5, 0.5), (1, 1, 1)]
)
def test_no_effect_over_eight_pairs_and_three_seeds_is_found_in_at_most_5_percent(pair, seed, rest):
    """Whatever scatters: the configurations, the seeds for all of them alike, or every run by itself."""
    rng, repeats = np.random.default_rng(13), 3000
    draws = (
        rng.normal(0, pair, (repeats, 8, 1))
        + rng.normal(0, seed, (repeats, 1, 3))
        + rng.normal(0, rest, (repeats, 8, 3))
    )
    found = sum(effect(values).p_value < ALPHA for values in draws) / repeats
    assert found <= ALPHA + 3 * math.sqrt(ALPHA * (1 - ALPHA) / repeats)


def test_the_same_difference_everywhere_is_certain_and_none_is_not():
    assert effect([[0.5, 0.5], [0.5, 0.5]]).p_value == 0
    assert effect([[0.0, 0.0], [0.0, 0.0]]).p_value == 1


def test_single_pair_of_single_runs_is_not_distinguishable():
    found = effect([[0.04]])
    assert found.interval == NO_INTERVAL or math.isnan(found.interval.low)
    assert found.p_value == 1


@pytest.mark.parametrize("seeds", [1, 3])
def test_p_value_and_interval_of_an_effect_agree(seeds):
    rng = np.random.default_rng(5)
    for shift in rng.normal(0, 0.03, 200):
        found = effect(rng.normal(shift, 0.02, (6, seeds)).tolist())
        assert (found.p_value < ALPHA) == found.interval.excludes(0)
        assert found.rising in range(7)


def test_no_pair_no_effect():
    assert effect([]) is None
