"""Bootstrap intervals of what a confusion matrix says.

Efron and Tibshirani, "An introduction to the bootstrap", 1993.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gridpress.evaluation.scores import Scores, scores
from gridpress.stats.intervals import ALPHA, Interval

DRAWS = 2000
SEED = 0  # so that a report is the same every time
MOST_NUMBERS = 20_000_000  # in memory at once


def score_intervals(matrix: NDArray[np.int64], images: int | None = None) -> Scores:
    """95 % percentile intervals over test images, an `Interval` in each field.

    To draw images with replacement is to draw cells of the confusion matrix by their shares.

    Args:
        matrix: of a classifier, int64 [K, K]; or the sum of those of several seeds, of which the mean
            matters.
        images: how many are drawn; by default as many as the matrix holds.
    """
    cells, generator = matrix.ravel(), np.random.default_rng(SEED)
    shares, number = cells / cells.sum(), int(cells.sum()) if images is None else images
    step = max(1, MOST_NUMBERS // cells.size)
    drawn = []
    for begin in range(0, DRAWS, step):
        counts = generator.multinomial(number, shares, size=min(step, DRAWS - begin))
        drawn.append(scores(counts.reshape(-1, *matrix.shape)))
    values = [np.concatenate(parts) for parts in zip(*drawn, strict=True)]
    return Scores(*(_percentiles(found) for found in values))


def _percentiles(values: NDArray[np.float64]) -> Interval:
    low, high = np.quantile(values, [ALPHA / 2, 1 - ALPHA / 2])
    return Interval(float(low), float(high))
