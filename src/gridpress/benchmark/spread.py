"""Repeated timings as a median with its spread, ratios of medians, and fitted exponents.

All intervals are 95 % percentile bootstrap intervals (Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993), drawn with a fixed seed: the same seconds give the same interval every time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

RESAMPLES = 9999
CONFIDENCE = 0.95
SEED = 0

Floats = NDArray[np.float64]


class Estimate(NamedTuple):
    """A value and its 95 % interval."""

    value: float
    low: float
    high: float


def median(values: Sequence[float]) -> Estimate:
    """Median of two or more repeated measurements."""
    return _estimate(np.median, [values])


def ratio(numerator: Sequence[float], denominator: Sequence[float]) -> Estimate:
    """Median of `numerator` over median of `denominator`, both measured in the same two or more rounds.

    Whole rounds are drawn, so that what slowed a round down hits both sides alike.

    Raises:
        ValueError: the two have not as many rounds.
    """
    if len(numerator) != len(denominator):
        raise ValueError(f"{len(numerator)} rounds over {len(denominator)}")
    return _estimate(_ratio_of_medians, [numerator, denominator])


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
    medians = np.median(seconds, axis=1)
    slope, offset = np.polyfit(x, np.log(medians), 1)
    fitted = np.exp(offset + slope * x)

    def exponent(*repeats: Floats, axis: int) -> Any:
        return np.polyfit(x, np.log(np.median(repeats, axis=axis)), 1)[0]

    return PowerLaw(
        exponent=_estimate(exponent, seconds),
        coefficient=float(np.exp(offset)),
        misfit=float(np.max(np.abs(medians / fitted - 1))),
    )


def rounded(value: float) -> float:
    """Six significant digits: more than any clock is worth, and readable in a file."""
    return float(f"{value:.6g}")


def _ratio_of_medians(numerator: Floats, denominator: Floats, axis: int) -> Any:
    return np.median(numerator, axis=axis) / np.median(denominator, axis=axis)


def _estimate(statistic: Callable[..., Any], samples: Sequence[Sequence[float]]) -> Estimate:
    """A statistic of samples measured in the same rounds, which are drawn as a whole.

    Args:
        statistic: takes the samples of all draws at once, and `axis`, along which the rounds lie.
        samples: as many rounds in each.
    """
    arrays = [np.asarray(sample, dtype=float) for sample in samples]
    found = bootstrap(
        arrays,
        statistic,
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=SEED,
    ).confidence_interval
    return Estimate(float(statistic(*arrays, axis=-1)), float(found.low), float(found.high))
