from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax as reference

from gridpress.evaluation.evaluate import evaluate, softmax
from gridpress.study.records.runs import Evaluation

LABELS = np.array([0, 1, 2, 0, 1, 2], dtype=np.uint8)
INDEX = np.array([5, 3, 1, 0])
PROBABILITIES = np.array([[0.1, 0.2, 0.7], [0.2, 0.8, 0.0], [0.3, 0.6, 0.1], [0.3, 0.3, 0.4]])


def test_it_is_what_a_record_holds():
    found = Evaluation.model_validate(evaluate(INDEX, LABELS, PROBABILITIES))
    assert found.images == 4
    assert found.accuracy == 0.5
    assert found.misclassified.index == [0, 3]
    assert found.misclassified.predicted == [2, 1]
    assert sum(found.reliability.images) == 4
    assert sum(found.reliability.correct) == 2
    assert found.log_loss == pytest.approx(-np.log([0.7, 0.2, 0.6, 0.3]).mean())


def test_answers_of_their_own_are_taken_with_the_probabilities_that_they_have():
    found = evaluate(INDEX, LABELS, PROBABILITIES, predicted=np.array([2, 0, 1, 0], dtype=np.uint8))
    assert found["accuracy"] == 1.0
    assert found["reliability"]["images"][3 - 1] == 1  # the second, of 0.2
    assert found["log_loss"] == evaluate(INDEX, LABELS, PROBABILITIES)["log_loss"]


def test_large_logits_overflow_nothing():
    logits = np.array([[1e4, 0.0], [-1e4, 1e4], [1.0, 2.0]], dtype=np.float32)
    assert np.allclose(softmax(logits), reference(logits.astype(np.float64), axis=1))
