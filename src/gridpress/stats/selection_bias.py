"""How much choosing the best of many flatters it."""

from __future__ import annotations

import math

from scipy.integrate import quad
from scipy.stats import norm


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
