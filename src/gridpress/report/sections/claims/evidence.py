"""What this study has to say about a claim: words, and the intervals that a verdict looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gridpress.report.presentation.names import ABSENT, listed, points
from gridpress.report.sections.claims.judge import Verdict
from gridpress.stats.effects import Effect
from gridpress.stats.intervals import Interval


@dataclass(frozen=True)
class Evidence:
    """Words for the reader; without intervals they say why there is nothing to judge."""

    words: str = ABSENT
    intervals: Sequence[Interval] = ()


Ours = tuple[Evidence, Verdict]


def spanned(words: str, interval: Interval, write: Callable[[float], str]) -> str:
    """`+1.2 points (+0.8 to +1.6)`, or the words alone where there is no interval."""
    return f"{words} ({write(interval.low)} to {write(interval.high)})" if interval.known else words


def worded(title: str, result: Effect) -> str:
    """`+1.2 points on MNIST (+0.8 to +1.6)`."""
    return spanned(f"{points(result.difference)} points on {title}", result.interval, points)


def joined(parts: Iterable[tuple[str, Interval]]) -> Evidence:
    """Several quantities as one evidence; of none nothing."""
    found = list(parts)
    return Evidence(listed(w for w, _ in found), [i for _, i in found]) if found else Evidence()
