"""What a method is best for follows from its ranks."""

from __future__ import annotations

import math

import pytest

from gridpress.config.baselines import ESTIMATORS
from gridpress.report.data.study import Study
from gridpress.report.sections.selected import use_cases
from gridpress.report.sections.selected.use_cases import ranked_by, time_noise
from gridpress.study.records.runs import SvmRecord
from gridpress.study.records.store import load
from gridpress.study.records.timings import ClassicalTiming
from report.builder import parameters, save, write_study


def ranks(accuracy, time, size):
    return {"accuracy": accuracy, "time": time, "size": size}


def test_each_first_rank_is_a_use():
    found = use_cases.use_cases({"a": ranks(1, 2, 3), "b": ranks(2, 1, 2), "c": ranks(3, 3, 1)})
    assert found == {"a": "highest accuracy", "b": "shortest training", "c": "smallest size"}


def test_first_in_everything_dominates_the_others():
    found = use_cases.use_cases({"a": ranks(1, 1, 1), "b": ranks(2, 2, 2)})
    assert found == {
        "a": "highest accuracy, shortest training and smallest size",
        "b": "dominated by a",
    }


def test_equal_ranks_are_joint():
    found = use_cases.use_cases({"a": ranks(1, 2, 2), "b": ranks(1, 1, 3), "c": ranks(3, 3, 1)})
    assert found["a"] == "joint highest accuracy"
    assert found["b"] == "joint highest accuracy and shortest training"


def test_a_criterion_in_which_all_are_equal_says_nothing():
    found = use_cases.use_cases({"a": ranks(1, 1, 2), "b": ranks(1, 2, 1)})
    assert found == {"a": "shortest training", "b": "smallest size"}
    assert set(use_cases.use_cases({"a": ranks(1, 1, 1), "b": ranks(1, 1, 1)}).values()) == {
        "nothing tells them apart"
    }


def test_first_in_nothing_is_a_compromise_unless_another_dominates():
    extremes = {"a": ranks(1, 4, 4), "b": ranks(4, 1, 1)}
    assert use_cases.use_cases({**extremes, "c": ranks(2, 2, 2)})["c"] == "compromise"
    found = use_cases.use_cases({**extremes, "c": ranks(2, 2, 2), "d": ranks(3, 3, 2)})
    assert found["d"] == "dominated by c"


def test_missing_timings_are_no_rank_and_no_use():
    assert ranked_by([3.0, math.nan, 2.0, 2.0]) == [3, None, 1, 1]

    found = use_cases.use_cases({"a": ranks(1, None, 2), "b": ranks(2, None, 1)})
    assert found == {"a": "highest accuracy", "b": "smallest size"}
    found = use_cases.use_cases({"a": ranks(1, 1, 3), "b": ranks(2, None, 2), "c": ranks(3, 2, 1)})
    assert found["b"] == "compromise"


def test_one_method_only():
    assert use_cases.use_cases({"a": ranks(1, 1, 1)}) == {"a": "the only one measured"}


def test_the_table_ranks_what_differs_and_joins_what_does_not(tmp_path):
    def network(run, _epoch):
        return 0.97 if run.model == "resnet18" else 0.90

    project = write_study(
        tmp_path, parameters(datasets=["mnist"]), network, lambda _run: 0.9, lambda _run: 0.9
    )
    (table,) = use_cases.methods(Study.load(project))
    found = {row["classifier"]: row for row in table.data.to_dict("records")}
    assert list(found) == ["resnet18", "resnet50", "poly", "rbf", *ESTIMATORS]
    assert [row["rank_accuracy"] for row in found.values()] == [1] + [2] * 8
    assert found["resnet18"]["best_for"] == "highest accuracy"
    assert found["resnet50"]["best_for"].startswith("dominated by ")
    assert found["rbf"]["stored"] == 500 * (28 * 28 + 9)  # pixels, and a weight against each other class
    assert found["resnet18"]["stored"] == found["resnet18"]["size"]


def test_the_table_without_timings(tmp_path):
    project = write_study(tmp_path, parameters(datasets=["mnist"]))
    for path in (project.metrics / "timing").rglob("*.json"):
        path.unlink()
    (table,) = use_cases.methods(Study.load(project))
    assert table.data["rank_time"].isna().all()
    assert not table.data["best_for"].str.contains("training").any()


def test_values_within_the_noise_rank_alike():
    assert ranked_by([3.0, 2.0, 2.2], noise=1.25) == [3, 1, 1]


def test_the_noise_of_times_is_that_of_svms_that_are_the_same_but_for_their_names(tmp_path):
    project = write_study(tmp_path, parameters(datasets=["fashion_mnist"]))
    for key, seconds in {"rbf-C1-gscale": 1.2, "rbf-C1-gauto": 1.8, "rbf-C10-gscale": 9.0}.items():
        path = project.timing("svm", f"fashion_mnist-{key}")
        save(load(ClassicalTiming, path).model_copy(update={"fit_seconds": seconds}), path)
    assert time_noise(Study.load(project)) == 1
    scale, auto = (project.record("svm", f"fashion_mnist-rbf-C1-{gamma}") for gamma in ("gscale", "gauto"))
    same = load(SvmRecord, scale)  # on features of variance 1 both are the same number
    save(load(SvmRecord, auto).model_copy(update={"test": same.test}), auto)
    assert time_noise(Study.load(project)) == pytest.approx(1.8 / 1.2)
