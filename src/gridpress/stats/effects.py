"""Effect of a setting: paired differences over configurations and seeds."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from gridpress.stats.intervals import ALPHA, NO_INTERVAL, Interval


@dataclass(frozen=True)
class Effect:
    """A paired difference between two values of an axis.

    `interval` is over the matched pairs of configurations and over the seeds, none where there is one of
    each; `p_value` belongs to it, 1 where there is none. `rising` is the number of pairs whose difference
    is above 0.
    """

    difference: float
    interval: Interval
    pairs: int
    rising: int
    seeds: int
    p_value: float


def effect(differences: Sequence[Sequence[float]]) -> Effect | None:
    """Effect of an axis from matched pairs of configurations, with seeds as replicates.

    Both are samples, of configurations and of seeds, and every pair is measured with every seed. So the
    variances of the mean over pairs and of the mean over seeds are added, with Satterthwaite's degrees of
    freedom (Biometrics Bulletin 2, 1946): the min F' of Clark, "The language-as-fixed-effect fallacy"
    (Journal of Verbal Learning and Verbal Behavior 12, 1973). Scatter that is neither of the pairs nor of the
    seeds is counted twice.

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
