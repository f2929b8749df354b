from __future__ import annotations

import pytest

from gridpress.report.analysis.best import classifiers
from gridpress.report.sections.selected.measures import measures


def test_every_chosen_classifier_has_its_measures_with_intervals(study):
    (table,) = measures(study)
    rows, bests = table.data.to_dict("records"), classifiers(study)
    assert [row["key"] for row in rows] == [best.key for best in bests]
    for row, best in zip(rows, bests, strict=True):
        for name in ("accuracy", "balanced_accuracy", "macro_precision", "macro_f1"):
            assert row[name] == getattr(best.test, name)
            assert row[f"low_{name}"] < row[name] < row[f"high_{name}"]
        assert row["log_loss"] == best.test.log_loss


def test_the_expected_calibration_error_is_how_far_nine_parts_in_ten_are_from_the_accuracy(study):
    (table,) = measures(study)
    for row in table.data.to_dict("records"):
        assert row["ece"] == pytest.approx(abs(row["accuracy"] - 0.9))


def test_without_a_classifier_there_is_no_table(build):
    study = build(datasets=["mnist"])
    for found in study.records.values():
        found.clear()
    assert list(measures(study)) == []
