"""Selection looks at validation accuracy only, and decides ties by order."""

from __future__ import annotations

import math

from gridpress.selection import chosen


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
