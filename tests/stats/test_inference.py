"""Known values from the literature, and what the procedures promise, checked by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binom, binomtest, ttest_1samp, ttest_ind
from scipy.stats import f as f_distribution
from statsmodels.stats.multitest import multipletests

from gridpress.stats.inference import (
    ALPHA,
    NO_INTERVAL,
    Interval,
    effect,
    found_among,
    holm,
    mcnemar,
    mean_difference,
    mean_interval,
    not_distinguishable,
    selection_inflation,
    welch,
    wilson,
)


def test_wilson_matches_published_values():
    """Newcombe 1998, table I, method 3."""
    interval = wilson(81, 263)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.2553, 0.3662)
    interval = wilson(15, 148)
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0624, 0.1605)


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


def test_mcnemar_counts_images_that_only_one_gets_wrong():
    paired = mcnemar([1, 2, 3, 4], [3, 4, 5, 6, 7, 8, 9, 10], images=100)
    assert (paired.only_first_wrong, paired.only_second_wrong) == (2, 6)
    assert paired.difference == pytest.approx(0.04)
    assert paired.p_value == pytest.approx(binomtest(2, 8).pvalue)
    assert paired.interval.low < 0.04 < paired.interval.high


def test_mcnemar_turns_around_with_its_arguments():
    first, second = mcnemar([1, 2], [3], 50), mcnemar([3], [1, 2], 50)
    assert first.difference == -second.difference
    assert first.p_value == second.p_value
    assert first.interval.low == pytest.approx(-second.interval.high)


def test_mcnemar_of_equal_errors_is_one():
    assert mcnemar([1, 2], [2, 1], 10).p_value == 1
    assert mcnemar([], [], 10).p_value == 1


def test_interval_of_paired_difference_covers_it():
    rng = np.random.default_rng(1)
    images, covered, repeats = 400, 0, 2000
    for _ in range(repeats):
        kind = rng.choice(4, images, p=[0.85, 0.03, 0.07, 0.05])  # none, first, second, both wrong
        first, second = np.flatnonzero((kind == 1) | (kind == 3)), np.flatnonzero(kind >= 2)
        interval = mcnemar(first.tolist(), second.tolist(), images).interval
        covered += interval.low <= 0.04 <= interval.high
    assert covered / repeats >= 0.94


def test_holm_multiplies_smallest_by_number_of_comparisons():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []


def test_holm_agrees_with_statsmodels():
    p_values = np.random.default_rng(2).random(20) ** 4
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_family_wise_false_positive_rate_of_equal_models_is_at_most_5_percent():
    """Equal accuracy, errors shared in part (a hard image is hard for all), as trained networks are."""
    rng = np.random.default_rng(7)
    images, models, repeats, rejected = 500, 8, 1000, 0
    hard = np.where(np.arange(images) % 10 == 0, 0.5, 0.03)
    for _ in range(repeats):
        wrong = [np.flatnonzero(rng.random(images) < hard).tolist() for _ in range(models)]
        rejected += not all(not_distinguishable(wrong[0], wrong[1:], images))
    noise = 2 * math.sqrt(ALPHA * (1 - ALPHA) / repeats)
    assert rejected / repeats <= ALPHA + noise


def test_worse_model_is_told_from_the_reference():
    good, equal, bad = list(range(30)), list(range(1, 32)), list(range(90))
    assert not_distinguishable(good, [equal, bad], 1000) == [True, False]


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


def test_intervals_of_several_comparisons_hold_at_once():
    rng = np.random.default_rng(11)
    images, pairs, repeats, failed = 2000, 8, 400, 0
    for _ in range(repeats):
        wrong = [np.flatnonzero(rng.random(images) < 0.05) for _ in range(2 * pairs)]
        spans = [
            mcnemar(a.tolist(), b.tolist(), images, comparisons=pairs).interval
            for a, b in zip(wrong[::2], wrong[1::2], strict=True)
        ]
        failed += any(span.excludes(0) for span in spans)
    assert failed / repeats < 0.05 + 3 * math.sqrt(0.05 * 0.95 / repeats)


def test_no_pair_no_effect():
    assert effect([]) is None


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


def test_inflation_is_what_simulation_finds():
    rng = np.random.default_rng(5)
    best = rng.binomial(7000, 0.9, (20000, 16)).max(axis=1).mean() / 7000 - 0.9
    assert selection_inflation(0.9, 7000, 16) == pytest.approx(best, rel=0.03)


def test_choosing_among_one_inflates_nothing():
    assert selection_inflation(0.9, 7000, 1) == pytest.approx(0, abs=1e-12)


def test_welch_is_that_of_scipy_and_certain_without_scatter():
    one, other = [0.97, 0.975, 0.98], [0.90, 0.93, 0.95]
    assert welch(one, other) == pytest.approx(ttest_ind(one, other, equal_var=False).pvalue)
    assert (welch([0.9, 0.9], [0.9, 0.9]), welch([0.9, 0.9], [0.8, 0.8])) == (1.0, 0.0)
    assert welch([0.9], [0.8, 0.7]) == 1.0


def test_a_mean_difference_over_images_finds_what_chance_does_not_explain_and_rarely_more():
    """Ordinary one-sample tests, with images that both answer alike left at 0."""
    draws = np.random.default_rng(3)
    differences = draws.choice([-1.0, 0.0, 1.0], p=[0.05, 0.9, 0.05], size=(2000, 2000))
    found = sum(mean_difference(row, 2000) < ALPHA for row in differences) / 2000
    assert found == pytest.approx(ALPHA, abs=3 * math.sqrt(ALPHA * (1 - ALPHA) / 2000))
    assert mean_difference(differences[0], 2000) == pytest.approx(
        ttest_1samp(differences[0], 0).pvalue, abs=0.002
    )
    assert (mean_difference(np.zeros(10), 10), mean_difference(np.ones(10), 10)) == (1.0, 0.0)


def test_of_what_is_found_among_many_few_are_false_and_more_are_found_than_by_holm():
    draws = np.random.default_rng(4)
    false, found, by_holm = [], 0, 0
    for _ in range(300):
        real = draws.beta(0.2, 20, size=30)
        marks = found_among([*real, *draws.random(30)])
        false.append(sum(marks[30:]) / max(1, sum(marks)))
        found += sum(marks)
        by_holm += sum(p < ALPHA for p in holm([*real, *draws.random(30)]))
    assert sum(false) / len(false) < ALPHA
    assert found > 1.5 * by_holm
    assert found_among([]) == []
