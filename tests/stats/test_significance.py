"""Published values, and error rates found by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binomtest, ttest_1samp, ttest_ind

from gridpress.stats.intervals import ALPHA
from gridpress.stats.significance import mcnemar, mean_difference, not_distinguishable, welch


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


@pytest.mark.usefixtures("no_garbage_collection")
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
