from __future__ import annotations

import numpy as np
import pytest

from gridpress.evaluation.scores import confusion, scores
from gridpress.stats import bootstrap
from gridpress.stats.bootstrap import score_intervals
from gridpress.stats.intervals import wilson

MATRIX = np.array([[80, 5, 5], [10, 150, 10], [0, 20, 20]])


def test_it_is_the_bootstrap_over_images():
    truth, predicted = (np.repeat(index.ravel(), MATRIX.ravel()) for index in np.indices(MATRIX.shape))
    rng = np.random.default_rng(1)
    draws = [rng.integers(0, len(truth), len(truth)) for _ in range(2000)]
    values = [scores(confusion(truth[d], predicted[d], 3)).macro_f1 for d in draws]
    found = score_intervals(MATRIX).macro_f1
    assert (found.low, found.high) == pytest.approx(np.quantile(values, [0.025, 0.975]), abs=0.006)


def test_that_of_accuracy_is_about_wilsons():
    found, known = score_intervals(MATRIX).accuracy, wilson(250, 300)
    assert (found.low, found.high) == pytest.approx((known.low, known.high), abs=0.01)


def test_it_is_the_same_every_time_and_holds_the_value():
    assert score_intervals(MATRIX) == score_intervals(MATRIX)
    for interval, value in zip(score_intervals(MATRIX), scores(MATRIX), strict=True):
        assert interval.low < value < interval.high


def test_it_covers_the_truth_as_often_as_it_says():
    shares, rng = MATRIX / MATRIX.sum(), np.random.default_rng(2)
    truth = scores(shares).macro_f1
    covered = 0
    for _ in range(200):
        found = score_intervals(rng.multinomial(400, shares.ravel()).reshape(3, 3)).macro_f1
        covered += found.low <= truth <= found.high
    assert covered / 200 > 0.9


def test_many_classes_are_drawn_a_few_at_a_time(monkeypatch):
    whole = score_intervals(MATRIX)
    monkeypatch.setattr(bootstrap, "MOST_NUMBERS", 50)
    assert score_intervals(MATRIX).macro_f1.low == pytest.approx(whole.macro_f1.low)
