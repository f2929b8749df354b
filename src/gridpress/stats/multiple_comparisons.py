"""Many comparisons at once: corrections of their p values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import false_discovery_control

from gridpress.stats.intervals import ALPHA


def holm(p_values: Sequence[float]) -> list[float]:
    """p values of one family of comparisons, adjusted (Holm 1979, jstor.org/stable/4615733).

    As statsmodels' `multipletests`, which looks for garbage at every call: most of the time of a report.
    """
    values = np.asarray(p_values, dtype=float)
    order = np.argsort(values, kind="stable")
    adjusted = np.empty_like(values)
    steps = values[order] * np.arange(len(values), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return [float(p) for p in adjusted]


def found_among(p_values: Sequence[float]) -> list[bool]:
    """Which of many comparisons to count as differences, with at most one in twenty of them false on average.

    For counts and screening; a statement on a single comparison needs `holm`. Benjamini and Hochberg 1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    return [bool(p < ALPHA) for p in false_discovery_control(p_values)] if len(p_values) else []
