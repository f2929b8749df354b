from __future__ import annotations

from math import nan

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from gridpress.report.data.study import Study
from gridpress.report.presentation import style
from gridpress.report.presentation.names import count
from gridpress.report.sections.errors import classes
from report.builder import parameters, write_study
from report.sections.errors.made_up import confused


def test_matrix_agrees_with_the_recorded_accuracy(study):
    found = [one for here in classes._chosen(study) for one in here.chosen]
    assert len(found) == 3 * 2  # families, datasets
    for winner, matrix in found:
        assert matrix.sum() == winner.images
        assert np.trace(matrix) / winner.images == winner.accuracy


def test_both_families_are_shown_per_dataset(study):
    tables = list(classes.tables(study))
    assert [table.reference for table in tables] == ["tbl-classes-mnist", "tbl-classes-fashion-mnist"]
    assert len(tables[0].body) == 10
    assert [header.text for header in tables[0].head[0][2:]] == ["ResNet-18", "RBF SVM", "Random forest"]


def test_weakest_class_is_that_of_the_matrix(study):
    found = classes.weakest(study)
    chosen = [one for here in classes._chosen(study) for one in here.chosen]
    assert [(entry.winner.dataset, entry.winner.name) for entry in found] == [
        (winner.dataset, winner.name) for winner, _ in chosen
    ]
    for entry, (winner, matrix) in zip(found, chosen, strict=True):
        names = study.classes(winner.dataset)
        row = names.index(entry.name)
        assert (
            entry.share == min(np.diag(matrix) / matrix.sum(axis=1)) == matrix[row, row] / matrix[row].sum()
        )
        errors = np.delete(matrix[row], row)
        assert entry.taken == errors.max() == matrix[row, names.index(entry.other)]
        assert entry.interval.low < entry.share < entry.interval.high


def test_classifier_without_errors_has_no_weakest_class(tmp_path):
    content = parameters(datasets=["mnist"])
    study = Study.load(write_study(tmp_path, content, lambda _run, _epoch: 1.0))
    assert [entry.winner.family.stage for entry in classes.weakest(study)] == ["svm", "baseline"]


def test_of_many_classes_those_of_the_lowest_and_of_the_highest_f1_are_shown_in_rising_order(study):
    every = classes.by_class(confused(study, 49))
    shown = classes.lowest_and_highest(every, 5)
    assert [*shown["class"]] == [f"class {label:03}" for label in (*range(47, 42, -1), *range(4, 0, -1), 0)]
    assert shown.columns.equals(every.columns)
    assert classes.lowest_and_highest(every, 25) is every


def test_classes_without_any_f1_are_not_among_the_lowest():
    every = pd.DataFrame({"class": [*"abcd"], "f1 one": [0.5, nan, nan, 0.9], "f1 two": [nan, 0.4, nan, 0.7]})
    assert [*classes.lowest_and_highest(every, 1)["class"]] == ["b", "d"]


@pytest.mark.parametrize(("number", "rows"), [(20, 20), (21, 20), (1000, 20)])
def test_a_table_of_some_classes_says_how_many_there_are(study, number, rows):
    table = classes.class_table(confused(study, number))
    assert len(table.body) == len(table.data) == rows
    part = f"Shown are, of {count(number)} classes, the 10 with the lowest F1 (mean over these classifiers)"
    assert (part in table.caption) == (rows < number)


def test_most_frequent_confusion_is_stated(study):
    alt = next(iter(classes.figures(study))).alt
    assert "Most frequent error of ResNet-18:" in alt


def test_no_word_of_a_confusion_matrix_is_cut_off(study):
    style.apply()
    figures = [*classes.figures(study)]
    assert len(figures) == 2
    for item in figures:
        drawn = item.draw()
        drawn.draw_without_rendering()
        canvas = drawn.bbox
        words = [text for text in drawn.findobj(Text) if text.get_visible() and text.get_text().strip()]
        names = {text.get_text() for text in words}
        assert names >= set(study.classes("fashion_mnist" if "fashion" in item.name else "mnist"))
        for text in words:
            box = text.get_window_extent()
            assert canvas.x0 <= box.x0 < box.x1 <= canvas.x1, text.get_text()
            assert canvas.y0 <= box.y0 < box.y1 <= canvas.y1, text.get_text()
        sides = {round(side, 6) for axes in drawn.axes for side in axes.get_window_extent().size}
        assert len(sides) == 1
        plt.close(drawn)
