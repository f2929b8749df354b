"""Accuracy, averages over the classes, and log loss, as scikit-learn defines them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SMALLEST = float(np.finfo(np.float64).eps)  # probability that log loss counts, as scikit-learn clips it


class Scores(NamedTuple):
    """What a confusion matrix says, shares from 0 to 1; arrays where there are several matrices.

    `macro_precision` and `macro_f1` are means over the classes that occur among labels or answers, 0 where a
    class is never answered; `balanced_accuracy` is macro recall, the mean over the classes that have images
    (Brodersen et al., "The balanced accuracy and its posterior distribution", ICPR 2010).
    """

    accuracy: Any
    balanced_accuracy: Any
    macro_precision: Any
    macro_f1: Any


def confusion(truth: Array, predicted: Array, classes: int) -> NDArray[np.int64]:
    """Images by true class (rows) and predicted class (columns), int64 [classes, classes].

    Args:
        truth: labels, integers [N].
        predicted: answers, integers [N].
        classes: their number.
    """
    pairs = truth.astype(np.int64) * classes + predicted
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def scores(matrix: Array) -> Scores:
    """Of confusion matrices [..., K, K] with at least one image each."""
    right = np.diagonal(matrix, axis1=-2, axis2=-1)
    images, answers = matrix.sum(axis=-1), matrix.sum(axis=-2)
    recall, precision, f1 = _share(right, images), _share(right, answers), _share(2 * right, images + answers)
    occurring = (images + answers > 0).sum(axis=-1)
    return Scores(
        accuracy=right.sum(axis=-1) / images.sum(axis=-1),
        balanced_accuracy=recall.sum(axis=-1) / (images > 0).sum(axis=-1),
        macro_precision=precision.sum(axis=-1) / occurring,
        macro_f1=f1.sum(axis=-1) / occurring,
    )


def log_loss(truth: Array, probabilities: Array) -> float:
    """Mean negative logarithm of the true class's probability, in nats.

    Args:
        truth: labels, integers [N].
        probabilities: of the classes, float64 [N, K].
    """
    of_truth = probabilities[np.arange(len(truth)), truth]
    return float(-np.log(np.clip(of_truth, SMALLEST, 1)).mean())


def merit(metric: str, value: float) -> float:
    """The value of a metric, negated for log loss, so that more is better."""
    return -value if metric == "log_loss" else value


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(np.shape(whole)), where=whole > 0)
