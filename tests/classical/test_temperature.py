from __future__ import annotations

import numpy as np
import pytest
from sklearn.svm import SVC

from gridpress.classical.temperature import fitted_temperature, one_vs_one, one_vs_rest
from gridpress.evaluation.scores import log_loss

RNG = np.random.default_rng(4)


def test_pairs_that_agree_with_probabilities_of_classes_give_these():
    """The formula of Price et al. is exact where the pairs belong together."""
    shares = RNG.dirichlet(np.ones(4), 50)
    pairs = [(a, b) for a in range(4) for b in range(a + 1, 4)]
    decisions = np.stack([np.log(shares[:, a] / shares[:, b]) for a, b in pairs], axis=1)
    assert np.allclose(one_vs_one(decisions, 4, temperature=1.0), shares)


def test_two_classes_have_one_decision_value_that_is_above_zero_for_the_second():
    found = one_vs_one(np.array([2.0, -2.0]), 2, temperature=1.0)
    assert found.argmax(axis=1).tolist() == [1, 0]
    assert np.allclose(found.sum(axis=1), 1)
    assert one_vs_rest(np.array([2.0, -2.0]), 1.0).argmax(axis=1).tolist() == [1, 0]


def test_the_order_of_pairs_is_scikit_learns():
    rows = np.concatenate([RNG.normal(place, 0.3, (20, 2)) for place in (0, 3, 6, 9)])
    labels = np.repeat(np.arange(4), 20)
    svc = SVC(kernel="linear", decision_function_shape="ovo").fit(rows, labels)
    assert (one_vs_one(svc.decision_function(rows), 4, 1.0).argmax(axis=1) == labels).all()


@pytest.mark.parametrize("temperature", [1e-3, 1.0, 1e3])
def test_no_decision_value_overflows(temperature):
    cycle = np.array([[900.0, -900.0, 900.0]])  # 0 beats 1, 1 beats 2, 2 beats 0
    found = one_vs_one(cycle, 3, temperature)
    assert np.allclose(found, 1 / 3)
    assert np.isfinite(one_vs_one(RNG.normal(0, 1e6, (30, 6)), 4, temperature)).all()


def test_the_temperature_is_that_of_the_least_log_loss():
    values = RNG.normal(0, 3, (4000, 5))
    truth = np.array([RNG.choice(5, p=row) for row in one_vs_rest(values, 2.5)])
    found = fitted_temperature(lambda at: one_vs_rest(values, at), truth)
    assert found == pytest.approx(2.5, rel=0.1)
    losses = [log_loss(truth, one_vs_rest(values, found * factor)) for factor in (0.9, 1, 1.1)]
    assert min(losses) == losses[1]
