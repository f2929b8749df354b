from __future__ import annotations

import dataclasses
from functools import partial

import numpy as np
import pytest
from sklearn.metrics.pairwise import linear_kernel, polynomial_kernel, rbf_kernel, sigmoid_kernel
from sklearn.svm import SVC

from conftest import DECLARED
from gridpress.classical.fitting import fit_and_evaluate
from gridpress.classical.svc import Kernel, fit_svm
from gridpress.config.params import parse_params
from gridpress.config.svm import Svm, SvmConfig


@pytest.fixture
def settings(params) -> Svm:
    return params.svm


RBF = SvmConfig(kernel="rbf", C=1.0, gamma="scale")
POLY = SvmConfig(kernel="poly", C=1.0, gamma="auto", degree=2)
LINEAR = SvmConfig(kernel="linear", C=1.0)
SIGMOID = SvmConfig(kernel="sigmoid", C=1.0, gamma="auto")


def fit(config, settings, images, splits):
    return fit_and_evaluate(partial(fit_svm, config, settings), settings.scaling, images, splits)


def recorded(result):
    """What a record holds of a fit."""
    vectors = result.classifier.svc.n_support_.tolist()
    return result.train_accuracy, result.validation, result.test, result.temperature, vectors


def kernel_values(result):
    return "on demand" if result.classifier.kernel is None else "precomputed"


@pytest.mark.parametrize("config", [RBF, POLY, LINEAR, SIGMOID], ids=lambda config: config.kernel)
def test_it_learns_and_says_which_images_it_gets_wrong(config, settings, made_up):
    images, splits = made_up
    result = fit(config, settings, images, splits)
    assert result.test["accuracy"] > 0.8
    wrong = np.array(result.test["misclassified"]["index"], dtype=int)
    assert result.test["accuracy"] == (len(splits.test) - len(wrong)) / len(splits.test)
    assert list(wrong) == sorted(wrong)
    assert (images.labels[wrong] != result.test["misclassified"]["predicted"]).all()
    assert len(result.classifier.svc.n_support_) == 10
    assert result.classifier.svc.fit_status_ == 0


def test_the_same_configuration_twice_gives_the_same_record(settings, made_up):
    first, second = (fit(RBF, settings, *made_up) for _ in range(2))
    assert recorded(first) == recorded(second)


@pytest.mark.parametrize("gamma", ["scale", "auto", 0.01])
@pytest.mark.parametrize(
    "kernel",
    [{"kernel": "rbf"}, {"kernel": "poly", "degree": 3}, {"kernel": "sigmoid"}, {"kernel": "linear"}],
)
def test_a_precomputed_kernel_gives_the_answers_of_one_on_demand(
    settings, made_up, monkeypatch, kernel, gamma
):
    config = SvmConfig(**kernel, C=1.0, gamma=None if kernel["kernel"] == "linear" else gamma)
    precomputed = fit(config, settings, *made_up)
    monkeypatch.setattr("gridpress.classical.svc.LARGEST_MATRIX", 120 * 120 * 8 - 1)
    on_demand = fit(config, settings, *made_up)
    assert (kernel_values(precomputed), kernel_values(on_demand)) == ("precomputed", "on demand")
    assert precomputed.test["misclassified"] == on_demand.test["misclassified"]
    assert precomputed.train_accuracy == on_demand.train_accuracy
    assert recorded(precomputed)[-1] == recorded(on_demand)[-1]


def test_kernel_values_are_those_of_scikit_learn_whatever_the_block(made_up, monkeypatch):
    features = made_up[0].pixels.reshape(240, -1) / 255
    monkeypatch.setattr("gridpress.classical.svc.BLOCK", 7)
    monkeypatch.setattr("gridpress.classical.svc.CACHED", 3)
    train, some = features[:50], np.array([3, 4, 40])
    rbf, poly = Kernel(RBF, train), Kernel(POLY, train)
    full = rbf_kernel(features, train, rbf_gamma(train))
    np.testing.assert_allclose(rbf(features, some), full[:, some], rtol=1e-5)
    np.testing.assert_allclose(rbf.matrix(), full[:50], rtol=1e-5)
    full = polynomial_kernel(features, train, degree=2, gamma=1 / 784, coef0=0)
    np.testing.assert_allclose(poly(features, some), full[:, some], rtol=1e-5)
    np.testing.assert_allclose(poly.matrix(), full[:50], rtol=1e-5)
    full = linear_kernel(features, train)
    np.testing.assert_allclose(Kernel(LINEAR, train)(features, some), full[:, some], rtol=1e-5)
    full = sigmoid_kernel(features, train, gamma=1 / 784, coef0=0)
    np.testing.assert_allclose(Kernel(SIGMOID, train)(features, some), full[:, some], rtol=1e-5)


def rbf_gamma(features):
    return 1 / (784 * features.var())


@pytest.mark.parametrize(
    ("config", "plain"),
    [
        (POLY, SVC(kernel="poly", C=1.0, gamma="auto", degree=2)),
        (LINEAR, SVC(kernel="linear", C=1.0)),
        (SIGMOID, SVC(kernel="sigmoid", C=1.0, gamma="auto")),
    ],
    ids=["poly", "linear", "sigmoid"],
)
def test_without_scaling_it_is_plain_svc_on_pixels_from_0_to_1(settings, made_up, config, plain):
    images, splits = made_up
    flat = images.pixels.reshape(240, -1) / 255
    plain.fit(flat[splits.train], images.labels[splits.train])
    expected = (plain.predict(flat[splits.test]) == images.labels[splits.test]).mean()
    unscaled = settings.model_copy(update={"scaling": "none"})
    result = fit(config, unscaled, images, splits)
    assert result.test["accuracy"] == expected
    assert recorded(result)[-1] == plain.n_support_.tolist()


def test_scaling_is_learned_from_training_images_alone(settings, made_up):
    images, splits = made_up
    pixels = images.pixels.copy()
    pixels[splits.test] //= 2
    first = fit(RBF, settings, images, splits)
    second = fit(RBF, settings, dataclasses.replace(images, pixels=pixels), splits)
    assert recorded(first)[-1] == recorded(second)[-1]
    assert first.validation == second.validation


def test_the_degree_matters(settings, made_up):
    cubic = POLY.model_copy(update={"degree": 3})
    assert recorded(fit(cubic, settings, *made_up)) != recorded(fit(POLY, settings, *made_up))


def test_an_iteration_limit_that_ends_the_fit_is_recorded(settings, made_up):
    limited = fit(RBF, settings.model_copy(update={"max_iter": 1}), *made_up)
    assert limited.classifier.svc.fit_status_ != 0


def test_smoke_parameters_have_a_machine_of_each_kernel(smoke):
    assert {config.kernel for config in parse_params(smoke, DECLARED).svm.configs.values()} == {"poly", "rbf"}
