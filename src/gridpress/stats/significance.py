"""Tests of significance: of two classifiers on the same test images, and of means over seeds or images."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, ttest_ind_from_stats
from statsmodels.stats.contingency_tables import mcnemar as mcnemar_test

from gridpress.stats.intervals import ALPHA, Interval
from gridpress.stats.multiple_comparisons import holm


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
    pairs = [[0, only_first], [only_second, 0]]  # the exact test looks at discordant pairs alone
    padded = images + 2
    b, c = only_first + 0.5, only_second + 0.5
    centre = (c - b) / padded
    half = norm.ppf(1 - ALPHA / comparisons / 2) * math.sqrt(b + c - (c - b) ** 2 / padded) / padded
    return Paired(
        only_first_wrong=only_first,
        only_second_wrong=only_second,
        difference=(only_second - only_first) / images,
        interval=Interval(centre - half, centre + half),
        p_value=float(mcnemar_test(pairs, exact=True).pvalue),
    )


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


def welch(first: Sequence[float], second: Sequence[float]) -> float:
    """p value of Welch's t test of two means (Welch 1947, doi:10.2307/2332510); 1 without two values each."""
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
        differences: of two classifiers' errors, each from -1 to 1, float64 [M]; images left out count as 0.
        images: all test images.
    """
    mean = float(differences.sum()) / images
    variance = (float((differences**2).sum()) / images - mean**2) / images
    return float(2 * norm.sf(abs(mean) / math.sqrt(variance))) if variance > 0 else float(mean == 0)
