from __future__ import annotations

from dataclasses import replace

import numpy as np

from gridpress.evaluation.scores import scores
from gridpress.report.analysis import confusions
from gridpress.report.analysis.best import classifiers


def test_a_matrix_gives_what_the_record_says(study):
    for best in classifiers(study):
        matrix = confusions.of_test(study, best.dataset, best.wrong)
        assert matrix.sum() == best.images
        found = scores(matrix)
        assert (found.accuracy, found.macro_f1) == (best.test.accuracy, best.test.macro_f1)


def test_intervals_hold_the_value_and_those_of_several_seeds_its_mean(study):
    best = classifiers(study)[0]
    one = confusions.intervals(study, best.dataset, [best.wrong])
    assert one.macro_f1.low < best.test.macro_f1 < one.macro_f1.high
    assert confusions.intervals(study, best.dataset, [best.wrong] * 3) == one


def test_without_labels_there_is_no_matrix_and_no_interval(study):
    best = classifiers(study)[0]
    unlabelled = replace(study, data={})
    assert confusions.of_test(unlabelled, best.dataset, best.wrong) is None
    assert not confusions.intervals(unlabelled, best.dataset, [best.wrong]).macro_f1.known
    assert np.isnan(confusions.intervals(unlabelled, best.dataset, []).accuracy.low)
