from __future__ import annotations

import pytest

from gridpress.report.sections.claims.judge import (
    Verdict,
    above,
    agrees,
    below,
    both,
    holds,
    majority,
    within,
)
from gridpress.stats.intervals import NO_INTERVAL, Interval

UP, DOWN, ACROSS = Interval(0.1, 0.2), Interval(-0.2, -0.1), Interval(-0.1, 0.1)


@pytest.mark.parametrize(
    ("intervals", "verdict"),
    [
        ([UP, UP], Verdict.SUPPORTED),
        ([UP, ACROSS], Verdict.OPEN),
        ([UP, DOWN], Verdict.CONTRADICTED),
        ([ACROSS], Verdict.OPEN),
        ([NO_INTERVAL], Verdict.OPEN),
        ([], Verdict.UNMEASURED),
    ],
)
def test_above_needs_all_and_breaks_with_one(intervals, verdict):
    assert above(intervals) == verdict


@pytest.mark.parametrize(
    ("intervals", "verdict"),
    [([DOWN], Verdict.SUPPORTED), ([UP], Verdict.CONTRADICTED), ([ACROSS], Verdict.OPEN)],
)
def test_below_is_the_mirror(intervals, verdict):
    assert below(intervals) == verdict


@pytest.mark.parametrize(
    ("intervals", "verdict"),
    [
        ([Interval(0.12, 0.15)], Verdict.SUPPORTED),
        ([Interval(0.05, 0.15)], Verdict.OPEN),
        ([Interval(0.3, 0.4)], Verdict.CONTRADICTED),
        ([], Verdict.UNMEASURED),
    ],
)
def test_within_a_range(intervals, verdict):
    assert within(intervals, 0.1, 0.2) == verdict


def test_majority_counts_only_clear_cases():
    good, bad, unclear = Interval(0.991, 0.995), Interval(0.90, 0.95), Interval(0.98, 0.995)
    assert majority([good, good, bad], 0.99) == Verdict.SUPPORTED
    assert majority([good, bad, bad], 0.99) == Verdict.CONTRADICTED
    assert majority([good, unclear, bad], 0.99) == Verdict.OPEN


def test_counted_facts():
    assert [holds(fact) for fact in (True, False, None)] == [
        Verdict.SUPPORTED,
        Verdict.CONTRADICTED,
        Verdict.UNMEASURED,
    ]


def test_a_claim_of_two_parts_is_as_good_as_the_worse():
    assert both(Verdict.SUPPORTED, Verdict.OPEN) == Verdict.OPEN
    assert both(Verdict.CONTRADICTED, Verdict.UNMEASURED) == Verdict.CONTRADICTED
    assert both(Verdict.SUPPORTED, Verdict.SUPPORTED) == Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("difference", "verdict"),
    [(0.1, Verdict.SUPPORTED), (0.11, Verdict.OPEN), (0.9, Verdict.CONTRADICTED)],
)
def test_agreement_is_judged_between_noise_and_the_whole_effect(difference, verdict):
    assert agrees(difference, noise=0.1, whole=0.9) == verdict
