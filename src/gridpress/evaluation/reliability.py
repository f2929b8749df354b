"""Calibration: whether answers given with some confidence are right that often."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

BINS = 15  # as in Guo et al., "On calibration of modern neural networks", ICML 2017


class Bins(NamedTuple):
    """A reliability diagram: bin m of M holds confidences above (m - 1) / M and up to m / M.

    `images` counts the answers in each bin, `correct` the right ones, `confidence` is their mean confidence
    (0 in an empty bin).
    """

    images: Sequence[int]
    correct: Sequence[int]
    confidence: Sequence[float]


def reliability(correct: NDArray[np.bool_], confidence: NDArray[Any]) -> Bins:
    """The bins of answers.

    Args:
        correct: whether each answer is right, [N].
        confidence: the probability that the classifier gives its answer, float64 [N].
    """
    place = np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)
    images = np.bincount(place, minlength=BINS)
    total = np.bincount(place, weights=confidence, minlength=BINS)
    return Bins(
        images=images.tolist(),
        correct=np.bincount(place, weights=correct, minlength=BINS).astype(np.int64).tolist(),
        confidence=np.minimum(total / np.maximum(images, 1), 1).tolist(),
    )


def expected_calibration_error(bins: Bins) -> float:
    """Mean distance of accuracy from confidence over the bins, each by its images (Guo et al. 2017)."""
    images = np.asarray(bins.images)
    distance = np.abs(np.asarray(bins.correct) - images * np.asarray(bins.confidence))
    return float(distance.sum() / images.sum())
