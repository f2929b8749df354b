from __future__ import annotations

import numpy as np
import pytest

from gridpress.report.presentation.items import Figure, Table
from gridpress.report.sections.errors.confusion_matrices import LARGEST_MATRIX, MOST_PAIRS, items
from gridpress.stats.intervals import wilson
from report.sections.errors.made_up import confused


def test_up_to_the_largest_matrix_all_classes_are_shown_and_no_table(study):
    found = confused(study, LARGEST_MATRIX)
    [figure] = items(found)
    assert len(figure.data) == len(found.chosen) * LARGEST_MATRIX**2
    assert figure.caption.endswith("Colour shows errors only.")


@pytest.mark.parametrize("number", [11, 49, 100, 1000])
def test_of_more_classes_those_confused_most_are_shown_and_said_to_be_some(study, number):
    found = confused(study, number)
    figure, _ = items(found)
    assert isinstance(figure, Figure)
    assert len(figure.data) == len(found.chosen) * LARGEST_MATRIX**2
    assert f"Of the {number:,} classes the 10 of".replace(",", "\u202f") in figure.caption
    shown = figure.data[figure.data["key"] == found.chosen[0][0].key]
    wrong = shown[shown["true"] != shown["predicted"]]["images"]
    assert sorted(wrong[wrong > 0]) == sorted(np.diag(found.chosen[0][1], k=-1))[1 - LARGEST_MATRIX :]


def test_pairs_are_those_of_each_matrix_with_their_share_of_the_true_class(study):
    found = confused(study, 49, images=98)
    _, table = items(found)
    assert isinstance(table, Table)
    assert table.reference == "tbl-confused-classes-mnist"
    assert len(table.body) == len(found.chosen) * MOST_PAIRS
    worst = table.data.iloc[0]
    wrong = int(found.chosen[0][1][48, 47])
    assert (worst["true"], worst["predicted"]) == (found.classes[48], found.classes[47])
    assert (worst["images"], worst["of"], worst["share"]) == (wrong, 98, wrong / 98)
    assert (worst["low"], worst["high"]) == tuple(vars(wilson(wrong, 98)).values())


def test_classifiers_without_an_error_have_no_matrix_of_some_classes(study):
    found = confused(study, 49, images=0)
    for _, matrix in found.chosen:
        np.fill_diagonal(matrix, 1)
    assert list(items(found)) == []


def test_alternative_text_names_the_most_frequent_error_in_full(study):
    figure, _ = items(confused(study, 100, length=60))
    assert f"class 099{'m' * 51} taken for class 098{'m' * 51}, 990 images." in figure.alt
