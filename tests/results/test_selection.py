"""Selection looks at validation accuracy only, and decides ties by order."""

from __future__ import annotations

import math
from types import SimpleNamespace

from gridpress.results.selection import chosen, mean_validation, over_seeds
from gridpress.study.grid import CONFIGURATION


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
    axes = dict.fromkeys(CONFIGURATION, "x") | {"learning_rate": rate, "seed": seed}
    milestones = [SimpleNamespace(epoch=n, validation_accuracy=v) for n, v in enumerate(validation, start=1)]
    return SimpleNamespace(**axes, milestones=milestones)


def test_runs_that_differ_in_their_seed_are_one_configuration():
    found = list(over_seeds([run(0, 0.2, 0.4), run(1, 0.4, 0.8), run(0, 0.5, rate=0.2)]))
    assert [[(s.run.seed, s.milestone.epoch) for s in states] for states in found] == [
        [(0, 1), (1, 1)],
        [(0, 2), (1, 2)],
        [(0, 1)],
    ]
    assert [round(mean_validation(states), 9) for states in found] == [0.3, 0.6, 0.5]


def test_a_milestone_that_a_diverged_seed_missed_is_no_candidate():
    assert [len(states) for states in over_seeds([run(0, 0.2, 0.4), run(1, 0.4)])] == [2]
    assert list(over_seeds([run(0, 0.2), run(1)])) == []
