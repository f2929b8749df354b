"""Verdicts on claims, as pure functions of intervals."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from gridpress.stats.intervals import Interval


class Verdict(StrEnum):
    """What can be said of a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    OPEN = "not distinguishable"
    UNMEASURED = "not measured here"
    UNTESTABLE = "not testable"


def above(intervals: Sequence[Interval], threshold: float = 0.0) -> Verdict:
    """The claim that every quantity exceeds `threshold`.

    One that lies below contradicts it; all that lie above support it; without any it is not measured.
    """
    if not intervals:
        return Verdict.UNMEASURED
    if any(interval.high < threshold for interval in intervals):
        return Verdict.CONTRADICTED
    if all(interval.low > threshold for interval in intervals):
        return Verdict.SUPPORTED
    return Verdict.OPEN


def below(intervals: Sequence[Interval], threshold: float = 0.0) -> Verdict:
    """The claim that every quantity stays under `threshold`."""
    return above([Interval(-interval.high, -interval.low) for interval in intervals], -threshold)


def within(intervals: Sequence[Interval], low: float, high: float) -> Verdict:
    """The claim that every quantity lies between `low` and `high`, ends included."""
    if not intervals:
        return Verdict.UNMEASURED
    if any(interval.high < low or interval.low > high for interval in intervals):
        return Verdict.CONTRADICTED
    if all(low <= interval.low and interval.high <= high for interval in intervals):
        return Verdict.SUPPORTED
    return Verdict.OPEN


def majority(intervals: Sequence[Interval], low: float, high: float = 1.0) -> Verdict:
    """The claim that more than half of the quantities lie between `low` and `high`.

    An interval that straddles an end counts for neither side.
    """
    if not intervals:
        return Verdict.UNMEASURED
    inside = sum(low <= interval.low and interval.high <= high for interval in intervals)
    outside = sum(interval.high < low or interval.low > high for interval in intervals)
    if 2 * inside > len(intervals):
        return Verdict.SUPPORTED
    return Verdict.CONTRADICTED if 2 * outside >= len(intervals) else Verdict.OPEN


def holds(fact: bool | None) -> Verdict:
    """The claim of something that is counted, not estimated; None where it was not measured."""
    if fact is None:
        return Verdict.UNMEASURED
    return Verdict.SUPPORTED if fact else Verdict.CONTRADICTED


def both(*verdicts: Verdict) -> Verdict:
    """A claim of several parts: the worst of their verdicts."""
    order = (Verdict.CONTRADICTED, Verdict.UNTESTABLE, Verdict.UNMEASURED, Verdict.OPEN, Verdict.SUPPORTED)
    return min(verdicts, key=order.index)


def agrees(difference: float, noise: float, whole: float) -> Verdict:
    """The claim that two results are the same: apart by noise alone, or by as much as the whole effect."""
    if difference <= noise:
        return Verdict.SUPPORTED
    return Verdict.CONTRADICTED if difference >= whole else Verdict.OPEN
