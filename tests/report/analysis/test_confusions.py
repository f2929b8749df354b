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


MATRIX = np.array([[9, 0, 4, 0], [2, 7, 0, 0], [0, 4, 8, 1], [0, 0, 0, 5]])


def test_most_frequent_confusions_come_first_and_equal_ones_in_the_order_of_the_classes():
    found = confusions.most_frequent(MATRIX, 3)
    assert [tuple(pair) for pair in found] == [(0, 2, 4), (2, 1, 4), (1, 0, 2)]


def test_right_answers_and_pairs_that_are_never_confused_are_no_confusions():
    assert len(confusions.most_frequent(MATRIX, 100)) == 4
    assert confusions.most_frequent(np.diag([3, 5]), 5) == []


def test_classes_of_the_most_frequent_confusions_are_taken_until_there_are_enough():
    assert confusions.most_confused(MATRIX, 2) == [0, 2]
    assert confusions.most_confused(MATRIX, 3) == [0, 1, 2]
    assert confusions.most_confused(np.diag([3, 5, 2]), 2) == []


def test_few_classes_are_all_there_even_if_they_are_never_confused():
    assert confusions.most_confused(np.diag([3, 5]), 2) == [0, 1]
