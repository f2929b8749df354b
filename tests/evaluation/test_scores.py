from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from gridpress.evaluation.scores import confusion, log_loss, merit, scores

RNG = np.random.default_rng(3)


@pytest.fixture(params=[2, 10, 30])
def answers(request):
    """Labels without the last class, answers without the first one where they are wrong, probabilities."""
    classes = request.param
    truth = RNG.integers(0, classes - 1, 500)
    probabilities = RNG.dirichlet(np.ones(classes), 500)
    predicted = np.where(RNG.random(500) < 0.6, truth, probabilities[:, 1:].argmax(axis=1) + 1)
    return classes, truth, predicted, probabilities


def test_they_are_those_of_scikit_learn(answers):
    classes, truth, predicted, probabilities = answers
    found = scores(confusion(truth, predicted, classes))
    kind = {"average": "macro", "zero_division": 0}
    assert found.accuracy == metrics.accuracy_score(truth, predicted)
    assert found.macro_precision == pytest.approx(metrics.precision_score(truth, predicted, **kind))
    assert found.macro_f1 == pytest.approx(metrics.f1_score(truth, predicted, **kind))
    recalls = metrics.recall_score(truth, predicted, average=None, labels=np.unique(truth), zero_division=0)
    assert found.balanced_accuracy == pytest.approx(recalls.mean())
    assert log_loss(truth, probabilities) == pytest.approx(
        metrics.log_loss(truth, probabilities, labels=range(classes))
    )


def test_rows_are_true_classes_and_columns_answers():
    matrix = confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 3)
    assert matrix.tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_labels_of_many_classes_do_not_overflow_their_type():
    truth = np.array([999, 998], dtype=np.uint16)
    assert confusion(truth, np.array([999, 0]), 1000)[998, 0] == 1


def test_several_matrices_at_once_give_what_each_gives():
    matrices = RNG.integers(1, 9, (4, 3, 3))
    together = scores(matrices)
    for place, matrix in enumerate(matrices):
        assert [values[place] for values in together] == pytest.approx([*scores(matrix)])


def test_an_impossible_class_costs_much_and_not_everything():
    assert log_loss(np.array([0]), np.array([[0.0, 1.0]])) == pytest.approx(36.04, abs=0.01)


def test_more_merit_is_better_whatever_the_metric():
    assert merit("accuracy", 0.9) > merit("accuracy", 0.8)
    assert merit("log_loss", 0.8) > merit("log_loss", 0.9)
