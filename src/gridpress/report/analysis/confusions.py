"""Confusion matrices of classifiers, from what they got wrong and the labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gridpress.evaluation import scores
from gridpress.evaluation.scores import Scores
from gridpress.report.data.study import Study
from gridpress.stats.bootstrap import score_intervals
from gridpress.stats.intervals import NO_INTERVAL
from gridpress.study.records.runs import Predictions


class Confusion(NamedTuple):
    """How many images of the class `true` are taken for the class `predicted`; both are labels."""

    true: int
    predicted: int
    images: int


def of_test(study: Study, dataset: str, wrong: Predictions) -> NDArray[np.int64] | None:
    """Test images by true class (rows) and predicted class (columns), int64 [classes, classes].

    Args:
        study: whose labels are used.
        dataset: of the images.
        wrong: the misclassified test images; all others are predicted right.

    Returns:
        None where no record has the labels.
    """
    if dataset not in study.data:
        return None
    labels, test = study.data[dataset].true_labels(), study.splits(dataset).test
    answers = labels.copy()
    answers[wrong.index] = wrong.predicted
    return scores.confusion(labels[test], answers[test], len(study.classes(dataset)))


def errors(matrix: NDArray[np.int64]) -> NDArray[np.int64]:
    """A confusion matrix without the right answers, int64 [classes, classes]."""
    return matrix - np.diag(np.diag(matrix))


def most_frequent(matrix: NDArray[np.int64], most: int) -> list[Confusion]:
    """The most frequent confusions, up to `most`; of equally frequent ones the first in the order of classes.

    Args:
        matrix: of one classifier, or the sum of several, int64 [classes, classes].
        most: how many; fewer where fewer pairs of classes are confused.
    """
    wrong = errors(matrix)
    places = np.argsort(-wrong, axis=None, kind="stable")[:most].tolist()
    pairs = [divmod(place, len(wrong)) for place in places]
    return [Confusion(true, other, int(wrong[true, other])) for true, other in pairs if wrong[true, other]]


def most_confused(matrix: NDArray[np.int64], most: int) -> list[int]:
    """The labels, rising, of the classes of the most frequent confusions, up to `most`; all of so few.

    Args:
        matrix: as for `most_frequent`.
        most: how many; fewer where fewer classes are confused.
    """
    if len(matrix) <= most:
        return list(range(len(matrix)))
    found = (label for pair in most_frequent(matrix, most**2) for label in (pair.true, pair.predicted))
    return sorted([*dict.fromkeys(found)][:most])


def intervals(study: Study, dataset: str, seeds: Sequence[Predictions]) -> Scores:
    """Bootstrap intervals of what a classifier's answers are worth, of the mean over its seeds.

    As if the seeds were one classifier: over test images alone. No intervals where no record has the labels.
    """
    found = [of_test(study, dataset, wrong) for wrong in seeds]
    matrices = [matrix for matrix in found if matrix is not None]
    if not matrices:
        return Scores(*[NO_INTERVAL] * len(Scores._fields))
    return score_intervals(np.sum(matrices, axis=0), int(matrices[0].sum()))
