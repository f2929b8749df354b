from __future__ import annotations

from conftest import DECLARED, FROZEN
from gridpress.config.baselines import ESTIMATORS
from gridpress.config.params import parse_params
from gridpress.families.baselines import BASELINES, TITLES


def test_every_estimator_has_a_title():
    assert set(TITLES) == set(ESTIMATORS)
    assert BASELINES.phrase("random_forest") == "random forest"
    assert BASELINES.phrase("linear_svm") == "the linear SVM (LIBLINEAR)"


def test_the_time_of_a_fit_is_that_of_the_same_parameters_or_else_of_the_same_estimator(
    params,
):
    run = next(iter(BASELINES.runs(params).values()))
    unit = (run.config.estimator, *run.config.parameters.items())
    images = params.used(run.dataset)["train"]
    other = (run.config.estimator, ("tol", 0.1))
    assert BASELINES.seconds(run, params, {unit: 0.5, other: 9.0}) == 0.5 * images
    assert BASELINES.seconds(run, params, {other: 0.5, ("random_forest",): 9.0}) == 0.5 * images
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
