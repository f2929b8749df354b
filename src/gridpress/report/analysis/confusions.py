"""Confusion matrices of classifiers, from what they got wrong and the labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gridpress.evaluation import scores
from gridpress.evaluation.scores import Scores
from gridpress.report.data.study import Study
from gridpress.stats.bootstrap import score_intervals
from gridpress.stats.intervals import NO_INTERVAL
from gridpress.study.records.runs import Predictions


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


def intervals(study: Study, dataset: str, seeds: Sequence[Predictions]) -> Scores:
    """Bootstrap intervals of what a classifier's answers are worth, of the mean over its seeds.

    As if the seeds were one classifier: over test images alone. No intervals where no record has the labels.
    """
    found = [of_test(study, dataset, wrong) for wrong in seeds]
    matrices = [matrix for matrix in found if matrix is not None]
    if not matrices:
        return Scores(*[NO_INTERVAL] * len(Scores._fields))
    return score_intervals(np.sum(matrices, axis=0), int(matrices[0].sum()))
