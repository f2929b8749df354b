"""Confidence intervals of accuracies and of means.

Two kinds of uncertainty are kept apart: which test images were drawn (Wilson: one trained classifier stays
what it is) and which seed was drawn (t intervals over repeated training).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t
from statsmodels.stats.proportion import proportion_confint

CONFIDENCE = 0.95
ALPHA = 1 - CONFIDENCE


@dataclass(frozen=True)
class Interval:
    """A 95 % interval; both ends NaN where there is none."""

    low: float
    high: float

    @property
    def known(self) -> bool:
        return not math.isnan(self.low)

    def excludes(self, value: float) -> bool:
        """True only of an interval that exists and lies wholly on one side of `value`."""
        return self.low > value or self.high < value


NO_INTERVAL = Interval(math.nan, math.nan)


def wilson(correct: float, images: float) -> Interval:
    """Wilson score interval of an accuracy (Wilson 1927, doi:10.2307/2276774).

    Args:
        correct: images classified correctly.
        images: all test images; NaN or 0 gives no interval.
    """
    if not images > 0:
        return NO_INTERVAL
    low, high = proportion_confint(correct, images, alpha=ALPHA, method="wilson")
    share = correct / images  # beyond which rounding may take a limit of 0 or 1
    return Interval(min(float(low), share), max(float(high), share))


def welch_interval(first: Sequence[float], second: Sequence[float]) -> Interval:
    """95 % interval of the difference of two means, first minus second (Welch 1947, doi:10.2307/2332510).

    Args:
        first: independent repetitions, [N]; a single one counts as known exactly.
        second: likewise, [M].

    Returns:
        None known where neither was repeated.
    """
    a, b = (np.asarray(values, dtype=float) for values in (first, second))
    variances = [values.var(ddof=1) / values.size if values.size > 1 else 0.0 for values in (a, b)]
    degrees = sum(
        variance**2 / (values.size - 1)
        for variance, values in zip(variances, (a, b), strict=True)
        if values.size > 1
    )
    if max(a.size, b.size) < 2:
        return NO_INTERVAL
    error = math.sqrt(sum(variances))
    half = t.ppf(1 - ALPHA / 2, sum(variances) ** 2 / degrees) * error if degrees else 0.0
    centre = float(a.mean() - b.mean())
    return Interval(centre - half, centre + half)


def mean_interval(values: Sequence[float] | np.ndarray[tuple[int], np.dtype[np.float64]]) -> Interval:
    """95 % interval of a mean from Student's t distribution (Student 1908, doi:10.2307/2331554).

    Args:
        values: independent repetitions, [N]; fewer than two give no interval.
    """
    numbers = np.asarray(values, dtype=float)
    if numbers.size < 2:
        return NO_INTERVAL
    half = t.ppf(1 - ALPHA / 2, numbers.size - 1) * numbers.std(ddof=1) / math.sqrt(numbers.size)
    return Interval(float(numbers.mean() - half), float(numbers.mean() + half))
