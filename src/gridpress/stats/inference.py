"""Intervals and tests behind every statement of the report.

Two kinds of uncertainty are kept apart: which test images were drawn (Wilson, McNemar: one trained
classifier stays what it is) and which seed was drawn (t intervals over repeated training).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.integrate import quad
from scipy.stats import binom, false_discovery_control, norm, t, ttest_ind_from_stats
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
    return Interval(float(low), float(high))


@dataclass(frozen=True)
class Paired:
    """Two classifiers on the same test images.

    `difference` is the accuracy of the first minus that of the second, `interval` its 95 % interval
    over test images, `p_value` that of the exact McNemar test.
    """

    only_first_wrong: int
    only_second_wrong: int
    difference: float
    interval: Interval
    p_value: float


def mcnemar(
    first_wrong: Collection[int], second_wrong: Collection[int], images: int, comparisons: int = 1
) -> Paired:
    """Exact McNemar test from misclassified indices (McNemar 1947, doi:10.1007/BF02295996).

    The interval of the difference adds half an image to each cell of the table of pairs (Agresti and
    Min 2005, doi:10.1002/sim.1781).

    Args:
        first_wrong: test images that the first classifier gets wrong.
        second_wrong: the same of the second.
        images: all test images, the same for both.
        comparisons: how many intervals are to hold at once with 95 % (Bonferroni).
    """
    first, second = set(first_wrong), set(second_wrong)
    only_first, only_second = len(first - second), len(second - first)
    discordant = only_first + only_second
    p_value = min(1.0, 2 * binom.cdf(min(only_first, only_second), discordant, 0.5))  # one half is symmetric
    padded = images + 2
    b, c = only_first + 0.5, only_second + 0.5
    centre = (c - b) / padded
    half = norm.ppf(1 - ALPHA / comparisons / 2) * math.sqrt(b + c - (c - b) ** 2 / padded) / padded
    return Paired(
        only_first_wrong=only_first,
        only_second_wrong=only_second,
        difference=(only_second - only_first) / images,
        interval=Interval(centre - half, centre + half),
        p_value=float(p_value),
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """p values of one family of comparisons, adjusted (Holm 1979, jstor.org/stable/4615733)."""
    # statsmodels' multipletests does this too, but collects garbage at every call: 30 ms each
    raw = np.asarray(p_values, dtype=float)
    order = np.argsort(raw)
    adjusted = np.empty_like(raw)
    adjusted[order] = np.maximum.accumulate(raw[order] * np.arange(raw.size, 0, -1)).clip(max=1)
    return [float(p) for p in adjusted]


def found_among(p_values: Sequence[float]) -> list[bool]:
    """Which of many comparisons to count as differences, with at most one in twenty of them false on average.

    For counts and screening; a statement on a single comparison needs `holm`. Benjamini and Hochberg 1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    return [bool(p < ALPHA) for p in false_discovery_control(p_values)] if len(p_values) else []


def not_distinguishable(
    reference: Collection[int], others: Sequence[Collection[int]], images: int
) -> list[bool]:
    """Which classifiers cannot be told from the reference on these test images.

    Exact McNemar tests of each against the reference, Holm-corrected over all of them. The reference
    has to be chosen without the test images, or the family-wise error rate does not hold.

    Args:
        reference: misclassified indices of the reference.
        others: those of the others.
        images: all test images.
    """
    return [p >= ALPHA for p in holm([mcnemar(reference, other, images).p_value for other in others])]


@dataclass(frozen=True)
class Effect:
    """A paired difference between two values of an axis.

    `interval` is over the matched pairs of configurations and over the seeds, none where there is one of each;
    `p_value` belongs to it, 1 where there is none. `rising` is the number of pairs whose difference is above 0.
    """

    difference: float
    interval: Interval
    pairs: int
    rising: int
    seeds: int
    p_value: float


def effect(differences: Sequence[Sequence[float]]) -> Effect | None:
    """Effect of an axis from matched pairs of configurations, with seeds as replicates.

    Both are samples, of configurations and of seeds, and every pair is measured with every seed. So the variances
    of the mean over pairs and of the mean over seeds are added, with Satterthwaite's degrees of freedom
    (Biometrics Bulletin 2, 1946): the min F' of Clark, "The language-as-fixed-effect fallacy" (Journal of Verbal
    Learning and Verbal Behavior 12, 1973). Scatter that is neither of the pairs nor of the seeds is counted twice.

    Args:
        differences: one row per matched pair, one value per seed (the same seeds in every row).

    Returns:
        None without a pair.
    """
    values = np.asarray(differences, dtype=float)
    if values.size == 0:
        return None
    mean, by_pair, by_seed = float(values.mean()), values.mean(axis=1), values.mean(axis=0)
    samples = [numbers for numbers in (by_pair, by_seed) if numbers.size > 1]
    interval, p_value = NO_INTERVAL, 1.0
    if samples:
        variances = [float(numbers.var(ddof=1)) / numbers.size for numbers in samples]
        error, degrees = math.sqrt(sum(variances)), _satterthwaite(variances, samples)
        half = float(t.ppf(1 - ALPHA / 2, degrees)) * error
        interval = Interval(mean - half, mean + half)
        p_value = float(2 * t.sf(abs(mean) / error, degrees)) if error else float(mean == 0)
    return Effect(
        difference=mean,
        interval=interval,
        pairs=values.shape[0],
        rising=int((by_pair > 0).sum()),
        seeds=values.shape[1],
        p_value=p_value,
    )


def _satterthwaite(variances: Sequence[float], samples: Sequence[Collection[float]]) -> float:
    """Degrees of freedom of a sum of independent variances of means."""
    parts = [variance**2 / (len(numbers) - 1) for variance, numbers in zip(variances, samples, strict=True)]
    return sum(variances) ** 2 / sum(parts) if sum(parts) else math.inf


def mean_interval(values: Sequence[float] | np.ndarray[tuple[int], np.dtype[np.float64]]) -> Interval:
    """t interval of a mean; no interval from fewer than two values."""
    numbers = np.asarray(values, dtype=float)
    if numbers.size < 2:
        return NO_INTERVAL
    half = t.ppf(1 - ALPHA / 2, numbers.size - 1) * numbers.std(ddof=1) / math.sqrt(numbers.size)
    return Interval(float(numbers.mean() - half), float(numbers.mean() + half))


def welch(first: Sequence[float], second: Sequence[float]) -> float:
    """p value of Welch's t test of two means (Welch 1947, doi:10.2307/2332510); 1 from fewer than two values."""
    a, b = (np.asarray(values, dtype=float) for values in (first, second))
    if min(a.size, b.size) < 2:
        return 1.0
    deviations = a.std(ddof=1), b.std(ddof=1)
    if not any(deviations):
        return float(a.mean() == b.mean())
    found = ttest_ind_from_stats(
        a.mean(), deviations[0], a.size, b.mean(), deviations[1], b.size, equal_var=False
    )
    return float(found.pvalue)


def mean_difference(differences: np.ndarray[tuple[int], np.dtype[np.float64]], images: int) -> float:
    """p value of a mean over test images being zero, by the normal approximation.

    Args:
        differences: of two classifiers' errors on every image; images left out count as 0.
        images: all test images.
    """
    mean = float(differences.sum()) / images
    variance = (float((differences**2).sum()) / images - mean**2) / images
    return float(2 * norm.sf(abs(mean) / math.sqrt(variance))) if variance > 0 else float(mean == 0)


def selection_inflation(accuracy: float, images: int, candidates: int) -> float:
    """How much the best of several equally good candidates is overrated by the images that chose it.

    The expected maximum of `candidates` independent standard normal deviates, times the standard
    error of an accuracy. An upper bound: candidates that differ, or err on the same images, inflate less.

    Args:
        accuracy: of each candidate.
        images: the validation images on which the best was picked.
        candidates: number of candidates.
    """

    def tail(x: float) -> float:
        return float(candidates * x * norm.pdf(x) * norm.cdf(x) ** (candidates - 1))

    expected, _ = quad(tail, -10, 10)
    return float(expected) * math.sqrt(accuracy * (1 - accuracy) / images)
