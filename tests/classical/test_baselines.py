from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from gridpress.classical import baselines
from gridpress.classical.baselines import CLASSES, fit_baseline, objection, seed_for
from gridpress.classical.fitting import fit_and_evaluate
from gridpress.config.baselines import ESTIMATORS, PARAMETERS, Baseline
from gridpress.data.loading import Images
from gridpress.errors import InputError

# Parameters of scikit-learn's that a file cannot say, that are the study's own, or that only ask for words.
OURS = {"random_state", "n_jobs", "verbose", "warm_start", "oob_score", "metric_params", "monotonic_cst"}
OURS |= {"categorical_features", "loss", "penalty"}  # of one value, or deprecated
QUICK = {
    "logistic_regression": {"max_iter": 50},
    "linear_svm": {},
    "k_nearest_neighbours": {"n_neighbors": 3},
    "random_forest": {"n_estimators": 20},
    "histogram_gradient_boosting": {"max_iter": 5, "min_samples_leaf": 2, "early_stopping": False},
}


def config(estimator, scaling="none", **parameters):
    return Baseline(estimator=estimator, scaling=scaling, parameters=parameters)


def fit(estimator, made_up, seed=0, **parameters):
    wanted = config(estimator, **QUICK[estimator] | parameters)
    return fit_and_evaluate(partial(fit_baseline, wanted, seed), "none", *made_up)


def test_every_name_is_an_estimator():
    assert set(CLASSES) == set(ESTIMATORS) == set(PARAMETERS)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_parameters_are_the_estimators_own(estimator):
    own = {*CLASSES[estimator]().get_params()} - OURS | (
        {"loss", "penalty"} if estimator == "linear_svm" else set()
    )
    assert set(PARAMETERS[estimator]) == own


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_it_learns_and_gives_probabilities_of_every_class(estimator, made_up):
    result = fit(estimator, made_up)
    assert result.test["accuracy"] > 0.5
    assert result.validation["log_loss"] < np.log(10)
    assert sum(result.test["reliability"]["images"]) == result.test["images"] == 60
    assert (result.temperature is None) is (estimator != "linear_svm")
    assert result.classifier.stored > 0
    assert result.fit_seconds > 0


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_it_is_the_same_every_time(estimator, made_up):
    first, second = (fit(estimator, made_up) for _ in range(2))
    assert (first.validation, first.test) == (second.validation, second.test)


def test_a_forest_depends_on_its_seed(made_up):
    assert fit("random_forest", made_up).test != fit("random_forest", made_up, seed=1).test
    assert seed_for("mnist-forest", 0) != seed_for("mnist-forest", 1) != seed_for("fashion_mnist-forest", 1)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_two_classes_and_classes_without_a_training_image_are_no_trouble(estimator, made_up):
    images, splits = made_up
    two = Images(images.pixels, images.labels % 2, classes=2)
    assert len(fit(estimator, (two, splits)).test["misclassified"]["index"]) < 60
    more = Images(images.pixels, images.labels * 2, classes=20)
    assert fit(estimator, (more, splits)).test["accuracy"] > 0.3


def test_what_scikit_learn_does_not_take_is_said_in_its_words():
    assert "The 'C' parameter of LogisticRegression must be a float in the range (0.0, inf]. Got -1" in (
        objection(config("logistic_regression", C=-1)) or ""
    )
    assert objection(config("logistic_regression", C=0.5)) is None


def test_parameters_that_do_not_go_together_are_the_users_affair(made_up):
    with pytest.raises(InputError, match="scikit-learn's linear_svm: Unsupported set of arguments"):
        fit("linear_svm", made_up, loss="hinge", dual=False)


def test_a_solver_that_stops_early_is_recorded_and_not_warned_of(made_up, recwarn):
    assert not fit("logistic_regression", made_up, max_iter=1).classifier.converged
    assert fit("logistic_regression", made_up, max_iter=1000).classifier.converged
    assert [str(warning.message) for warning in recwarn if "converge" in str(warning.message)] == []


def test_memory_is_bounded_by_predicting_in_blocks(made_up, monkeypatch):
    whole = fit("k_nearest_neighbours", made_up)
    monkeypatch.setattr(baselines, "BLOCK", 7)
    assert fit("k_nearest_neighbours", made_up).test == whole.test
