from __future__ import annotations

from conftest import DECLARED, FROZEN
from gridpress.config.baselines import ESTIMATORS
from gridpress.config.params import parse_params
from gridpress.families.baselines import BASELINES, TITLES


def test_every_estimator_has_a_title():
    assert set(TITLES) == set(ESTIMATORS)
    assert BASELINES.phrase("random_forest") == "random forest"
    assert BASELINES.phrase("linear_svm") == "the linear SVM (LIBLINEAR)"


def test_the_time_of_a_fit_grows_with_the_training_images_of_the_same_estimator_and_parameters(params):
    run = next(iter(BASELINES.runs(params).values()))
    unit = (run.config.estimator, *run.config.parameters.items())
    assert BASELINES.seconds(run, params, {unit: 0.5}) == 0.5 * params.used(run.dataset)["train"]
    assert BASELINES.seconds(run, params, {}) is None


def test_parameters_that_scikit_learn_does_not_take_are_named_before_anything_is_computed(smoke):
    assert [*BASELINES.impossible(parse_params(smoke, DECLARED), FROZEN.root)] == []
    smoke["baseline"]["configs"]["logistic_regression"]["parameters"] = {"C": -1.0}
    [fault] = BASELINES.impossible(parse_params(smoke, DECLARED), FROZEN.root)
    assert fault.startswith(
        "params.yaml: baseline.configs.logistic_regression: The 'C' parameter of Logistic"
    )


def test_more_neighbours_than_training_images_are_named_before_anything_is_computed(smoke):
    smoke["baseline"]["configs"] = {
        "near": {
            "estimator": "k_nearest_neighbours",
            "scaling": "none",
            "parameters": {"n_neighbors": smoke["data"]["train_samples"]},
        }
    }
    assert [*BASELINES.impossible(parse_params(smoke, DECLARED), FROZEN.root)] == []
    smoke["baseline"]["configs"]["near"]["parameters"]["n_neighbors"] += 1
    [fault] = BASELINES.impossible(parse_params(smoke, DECLARED), FROZEN.root)
    assert fault == (
        "params.yaml: baseline.configs.near: n_neighbors is 201, but there are only 200 training images"
    )
