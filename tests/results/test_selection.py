"""Selection looks at validation accuracy only, and decides ties by order."""

from __future__ import annotations

import math

import pytest

from gridpress.results.selection import chosen, leading_seed, mean_score, over_seeds
from made_up import scored, trained


def test_highest_validation_accuracy_is_chosen():
    assert chosen([("a", 0.8), ("b", 0.9), ("c", 0.7)], lambda pair: pair[1]) == ("b", 0.9)


def test_of_equals_the_first_is_chosen():
    assert chosen([("a", 0.9), ("b", 0.9)], lambda pair: pair[1]) == ("a", 0.9)


def test_candidates_without_validation_accuracy_are_passed_over():
    assert chosen([("a", None), ("b", math.nan), ("c", 0.1)], lambda pair: pair[1]) == ("c", 0.1)


def test_nothing_is_chosen_from_nothing():
    assert chosen([], lambda pair: pair) is None
    assert chosen(["a"], lambda _: None) is None


def test_zero_is_an_accuracy():
    assert chosen(["a"], lambda _: 0.0) == "a"


def run(seed, *validation, rate=0.1):
    """A training run, as far as selection looks at it."""
    return trained([(scored(value), scored(0)) for value in validation], seed=seed, learning_rate=rate)


def test_runs_that_differ_in_their_seed_are_one_configuration():
    found = list(over_seeds([run(0, 0.2, 0.4), run(1, 0.4, 0.8), run(0, 0.5, rate=0.2)]))
    assert [[(c.record.seed, c.tested.epoch) for c in candidates] for candidates in found] == [
        [(0, 1), (1, 1)],
        [(0, 2), (1, 2)],
        [(0, 1)],
    ]
    assert [round(mean_score(candidates, "accuracy"), 9) for candidates in found] == [0.3, 0.6, 0.5]


def test_the_leading_seed_is_that_of_the_configuration_with_the_highest_mean():
    lucky, steady = [run(0, 0.9), run(1, 0.1)], [run(0, 0.6, rate=0.2), run(1, 0.7, rate=0.2)]
    assert leading_seed(over_seeds([*lucky, *steady]), "accuracy").record is steady[1]
    assert leading_seed([], "accuracy") is None


def test_a_milestone_that_a_diverged_seed_missed_is_no_candidate():
    assert [len(candidates) for candidates in over_seeds([run(0, 0.2, 0.4), run(1, 0.4)])] == [2]
    assert list(over_seeds([run(0, 0.2), run(1)])) == []


@pytest.mark.parametrize(
    ("metric", "first", "second", "leads"),
    [
        ("accuracy", 0.8, 0.9, 1),
        ("balanced_accuracy", 0.8, 0.9, 1),
        ("macro_f1", 0.8, 0.9, 1),
        ("log_loss", 0.8, 0.9, 0),
    ],
)
def test_the_metric_of_the_study_chooses_and_a_low_log_loss_is_a_good_one(metric, first, second, leads):
    values = ({"log_loss": 1.0, metric: value} for value in (first, second))
    runs = [
        trained([(scored(**{"accuracy": 0.5, **value}), scored())], learning_rate=rate)
        for rate, value in zip((0.1, 0.2), values, strict=True)
    ]
    assert leading_seed(over_seeds(runs), metric).record is runs[leads]
