from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.text import Text

from gridpress.report.data.study import Study
from gridpress.report.presentation import style
from gridpress.report.sections.errors import classes
from report.builder import parameters, write_study


def test_matrix_agrees_with_the_recorded_accuracy(study):
    found = [*classes._chosen(study)]
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
    assert [(entry.winner.dataset, entry.winner.name) for entry in found] == [
        (winner.dataset, winner.name) for winner, _ in classes._chosen(study)
    ]
    for entry, (winner, matrix) in zip(found, classes._chosen(study), strict=True):
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
