"""What is recorded of a classifier's answers to the images of a split."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridpress.evaluation.reliability import reliability
from gridpress.evaluation.scores import confusion, log_loss, scores

Array = NDArray[Any]


def evaluate(
    index: NDArray[np.int64], labels: Array, probabilities: Array, predicted: Array | None = None
) -> dict[str, Any]:
    """The fields of `study.records.runs.Evaluation`, as JSON values.

    Args:
        index: of the images among the pooled ones, int64 [N].
        labels: of all pooled images.
        probabilities: of the classes, float64 [N, K].
        predicted: the answers, [N]; by default the most probable class, of equals the first.
    """
    truth = labels[index]
    answers = probabilities.argmax(axis=1) if predicted is None else predicted.astype(np.int64)
    correct = answers == truth
    wrong = np.flatnonzero(~correct)
    wrong = wrong[np.argsort(index[wrong])]
    found = scores(confusion(truth, answers, probabilities.shape[1]))
    return {
        "images": len(index),
        **{name: float(value) for name, value in found._asdict().items()},
        "log_loss": log_loss(truth, probabilities),
        "misclassified": {"index": index[wrong].tolist(), "predicted": answers[wrong].tolist()},
        "reliability": reliability(correct, probabilities[np.arange(len(index)), answers])._asdict(),
    }


def softmax(logits: Array) -> NDArray[np.float64]:
    """Probabilities float64 [N, K] from logits [N, K]."""
    shifted = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
