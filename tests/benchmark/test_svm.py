from __future__ import annotations

import numpy as np
import pytest
from sklearn.svm import SVC
from threadpoolctl import threadpool_info

from gridpress.benchmark import svm as svm_cost
from gridpress.benchmark.cases import SvmCase
from gridpress.benchmark.svm import WAYS, Problem, answer, measure_svm, problem
from gridpress.classical import svc
from gridpress.config.svm import SvmConfig

CONFIGS = [
    SvmConfig(kernel="rbf", C=10.0, gamma="scale"),
    SvmConfig(kernel="rbf", C=1.0, gamma=0.001),
    SvmConfig(kernel="poly", degree=2, C=1.0, gamma="scale"),
    SvmConfig(kernel="poly", degree=3, C=1e6, gamma="auto"),
]


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_both_ways_predict_the_same(config, params, images):
    data = problem(images, 100, 28, params.svm.scaling)
    own, study = (answer(fit, config, params.svm, data) for fit in WAYS.values())
    assert np.array_equal(own.predicted, study.predicted)
    assert len(set(own.predicted)) > 1
    assert (own.precomputed, study.precomputed) == (False, True)
    assert min(own.fit_seconds, own.predict_seconds, study.fit_seconds, study.predict_seconds) > 0


def test_own_kernel_is_that_of_scikit_learn(params, images):
    data = problem(images, 100, 28, "none")
    machine = svm_cost.own_kernel(CONFIGS[2], params.svm, data.train, data.labels)
    plain = SVC(kernel="poly", degree=2, C=1.0).fit(data.train, data.labels)
    assert np.array_equal(machine.svc.support_, plain.support_)


def test_without_room_for_a_matrix_the_study_computes_on_demand(params, images, monkeypatch):
    monkeypatch.setattr(svc, "LARGEST_MATRIX", 0)
    data = problem(images, 50, 28, params.svm.scaling)
    assert not answer(WAYS["study"], CONFIGS[0], params.svm, data).precomputed


def test_fits_have_one_thread(params):
    seen = []

    def fit(*_):
        seen.extend(pool["num_threads"] for pool in threadpool_info())
        return svc.FittedSvm(SVC().fit(np.eye(2), [0, 1]), None)

    answer(fit, CONFIGS[0], params.svm, Problem(np.eye(2), np.array([0, 1]), np.eye(2)))
    assert seen
    assert set(seen) == {1}


def test_training_and_predicted_images_are_different_ones(images):
    data = problem(images, 100, 28, "none")
    assert data.train.shape == data.test.shape == (100, 784)
    assert 0 <= data.train.min() < data.train.max() <= 1
    assert np.array_equal(data.test[0], images.pixels[100].reshape(-1) / 255)


def test_features_are_scaled_by_the_training_images(images):
    data = problem(images, 100, 28, "standard")
    assert data.train.mean(axis=0) == pytest.approx(0, abs=1e-9)
    assert data.train.std(axis=0) == pytest.approx(1)
    assert data.test.mean(axis=0) != pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("size", [7, 14, 56])
def test_an_image_of_another_size_is_as_bright(images, size):
    plain, resized = (problem(images, 100, side, "none").train for side in (28, size))
    assert resized.shape == (100, size**2)
    assert resized.mean(axis=1) == pytest.approx(plain.mean(axis=1), rel=0.05)


def test_every_size_is_fitted_in_every_round(measure, params, images):
    settings = measure(blocks=5)
    fits = []
    cost, growth = measure_svm(settings, params.svm, images, fits.append)
    wanted = [
        *(SvmCase("own", samples, 28) for samples in (20, 40, 80)),
        *(SvmCase("own", 80, side) for side in (7, 14)),
        SvmCase("study", 80, 28),
    ]
    assert sorted(fits) == sorted(wanted * 5)
    assert sorted(fits[:6]) == sorted(wanted)
    by_samples, by_pixels = growth
    assert (by_samples.axis, by_samples.sizes, by_samples.held) == ("samples", [20, 40, 80], 784)
    assert (by_pixels.axis, by_pixels.sizes, by_pixels.held) == ("pixels", [49, 196, 784], 80)
    for entry in growth:
        assert [len(timing.blocks) for timing in entry.seconds] == [5, 5, 5]
        assert entry.seconds[-1] == cost.own.fit
    assert (cost.samples, cost.scaling, cost.kernel_values) == (80, params.svm.scaling, "precomputed")
    assert cost.equal_predictions == 1
    expected = cost.own.fit.median.value / cost.study.fit.median.value
    assert cost.fit_speedup.value == pytest.approx(expected, rel=1e-4)
