from __future__ import annotations

import numpy as np
import pytest
from sklearn.svm import SVC

from gridpress.hardware.kernels import gamma, measure_svm, own_kernel, precomputed_kernel, problem
from gridpress.params import SvmConfig

CONFIGS = [
    SvmConfig(kernel="rbf", C=10.0, gamma="scale"),
    SvmConfig(kernel="rbf", C=1.0, gamma=0.01),
    SvmConfig(kernel="poly", degree=2, C=1.0, gamma="scale"),
    SvmConfig(kernel="poly", degree=3, C=1e6, gamma="auto"),
]


@pytest.mark.parametrize("config", CONFIGS, ids=str)
def test_both_ways_predict_the_same(config, images):
    data = problem(images, 100)
    own, precomputed = own_kernel(config, data), precomputed_kernel(config, data)
    assert np.array_equal(own.predicted, precomputed.predicted)
    assert len(set(own.predicted)) > 1
    assert min(own.fit_seconds, own.predict_seconds, precomputed.fit_seconds) > 0


@pytest.mark.parametrize("name", ["scale", "auto"])
def test_gamma_is_that_of_scikit_learn(name, images):
    data = problem(images, 50)
    machine = SVC(gamma=name).fit(data.train, data.labels)
    assert gamma(SvmConfig(kernel="rbf", C=1.0, gamma=name), data.train) == pytest.approx(machine._gamma)


def test_training_and_predicted_images_are_different_ones(images):
    data = problem(images, 100)
    assert data.train.shape == data.test.shape == (100, 784)
    assert 0 <= data.train.min() < data.train.max() <= 1
    assert np.array_equal(data.test[0], images.pixels[100].reshape(-1) / 255)


def test_every_size_is_fitted_in_every_round(measure, images):
    settings = measure(blocks=5)
    fits = []
    cost, growth = measure_svm(settings, images, fits.append)
    assert sorted(fits) == sorted([20, 40, 80, 80] * 5)
    assert growth.sizes == [20, 40, 80]
    assert [len(timing.blocks) for timing in growth.seconds] == [5, 5, 5]
    assert growth.seconds[-1] == cost.own.fit
    assert cost.samples == 80
    assert cost.equal_predictions == 1
    expected = cost.own.fit.median.value / cost.precomputed.fit.median.value
    assert cost.fit_speedup.value == pytest.approx(expected, rel=1e-4)
