"""Repeated timings as a median with its spread, ratios of medians, and fitted exponents.

All intervals are 95 % percentile bootstrap intervals (Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993), drawn with a fixed seed: the same seconds give the same interval every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 9999
PERCENTILES = (2.5, 97.5)
SEED = 0

Floats = NDArray[np.float64]


class Estimate(NamedTuple):
    """A value and its 95 % interval."""

    value: float
    low: float
    high: float


def median(values: Sequence[float]) -> Estimate:
    """Median of repeated measurements."""
    sample = np.asarray(values, dtype=float)
    return Estimate(float(np.median(sample)), *_interval(np.median(sample[_draws(len(sample))], axis=1)))


def ratio(numerator: Sequence[float], denominator: Sequence[float]) -> Estimate:
    """Median of `numerator` over median of `denominator`, both measured in the same rounds.

    Whole rounds are drawn, so that what slowed a round down hits both sides alike.

    Raises:
        ValueError: the two have not as many rounds.
    """
    above, below = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    if len(above) != len(below):
        raise ValueError(f"{len(above)} rounds over {len(below)}")
    draws = _draws(len(above))
    ratios = np.median(above[draws], axis=1) / np.median(below[draws], axis=1)
    return Estimate(float(np.median(above) / np.median(below)), *_interval(ratios))


class PowerLaw(NamedTuple):
    """seconds = coefficient x size ** exponent; misfit: the largest relative distance of a median from it."""

    exponent: Estimate
    coefficient: float
    misfit: float


def power_law(sizes: Sequence[float], seconds: Sequence[Sequence[float]]) -> PowerLaw:
    """Least squares through the medians in logarithms.

    Args:
        sizes: three or more points.
        seconds: for each point its repeats, as many at every point, measured in the same rounds.
    """
    x = np.log(np.asarray(sizes, dtype=float))
    y = np.asarray(seconds, dtype=float)
    slope, offset = np.polyfit(x, np.log(np.median(y, axis=1)), 1)
    drawn = np.log(np.median(y[:, _draws(y.shape[1])], axis=2))  # [points, resamples]
    slopes = np.polyfit(x, drawn, 1)[0]
    fitted = np.exp(offset + slope * x)
    return PowerLaw(
        exponent=Estimate(float(slope), *_interval(slopes)),
        coefficient=float(np.exp(offset)),
        misfit=float(np.max(np.abs(np.median(y, axis=1) / fitted - 1))),
    )


def rounded(value: float) -> float:
    """Six significant digits: more than any clock is worth, and readable in a file."""
    return float(f"{value:.6g}")


def _draws(size: int) -> NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(size, size=(RESAMPLES, size))


def _interval(values: NDArray[Any]) -> tuple[float, float]:
    low, high = np.percentile(values, PERCENTILES)
    return float(low), float(high)
