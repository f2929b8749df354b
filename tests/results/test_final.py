from __future__ import annotations

import pytest

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.pipeline.stages.final import final_records
from gridpress.results.final import final
from report.builder import parameters, write_study
from report.made_up.runs import diverged


@pytest.fixture
def study(tmp_path):
    content = parameters(
        datasets=["mnist"],
        train={"grid": {"seed": [0, 1], "model": ["resnet18"]}},
        learning_curve={"fractions": [0.02, 1.0]},
    )
    return write_study(tmp_path / "study", content), parse_params(content, DECLARED)


def test_every_classifier_has_the_mean_over_its_seeds_on_all_images(study):
    project, params = study
    results = final_records(project, params)
    found = final(params, results)["mnist"]
    assert {*found} == {"resnet18", "poly", "rbf", *(c.estimator for c in params.baseline.configs.values())}
    networks = [one for one in results if getattr(one, "model", "") == "resnet18"]
    assert [one.train_samples for one in networks] == [49000, 49000]
    mean = sum(one.milestones[-1].test.macro_f1 for one in networks) / 2
    assert found["resnet18"]["test_macro_f1"] == pytest.approx(mean)
    [rbf] = [one for one in results if getattr(getattr(one, "config", None), "kernel", "") == "rbf"]
    assert found["rbf"] == {
        "test_accuracy": rbf.test.accuracy,
        "test_balanced_accuracy": rbf.test.balanced_accuracy,
        "test_macro_f1": rbf.test.macro_f1,
    }


def test_a_network_of_which_a_seed_diverged_is_left_out(study):
    project, params = study
    results = final_records(project, params)
    assert "resnet18" not in final(params, [diverged(results[0], 1), *results[1:]])["mnist"]


def test_without_final_models_every_dataset_is_empty(study):
    _, params = study
    assert final(params, []) == {"mnist": {}}
