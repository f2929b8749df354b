from __future__ import annotations

import numpy as np
import pytest

from gridpress.evaluation.reliability import BINS, expected_calibration_error, reliability


def test_a_bin_holds_confidences_above_its_lower_end_and_up_to_its_upper_one():
    confidence = np.array([1 / 15, 1 / 15 + 1e-9, 1.0, 0.0])
    bins = reliability(np.array([True, False, True, False]), confidence)
    assert [bins.images[place] for place in (0, 1, 14)] == [2, 1, 1]
    assert sum(bins.images) == 4
    assert [bins.correct[place] for place in (0, 1, 14)] == [1, 0, 1]


def test_confidence_is_the_mean_of_a_bin_and_an_empty_one_has_none():
    bins = reliability(np.array([True, True]), np.array([0.95, 0.97]))
    assert bins.confidence[-1] == pytest.approx(0.96)
    assert set(bins.confidence[:-1]) == {0.0}
    assert len(bins.confidence) == BINS


def test_the_error_is_the_distance_of_accuracy_from_confidence_weighted_by_images():
    correct = np.array([True] * 3 + [False] * 2 + [True] * 5)
    confidence = np.array([0.8] * 5 + [0.5] * 5)
    bins = reliability(correct, confidence)
    assert expected_calibration_error(bins) == pytest.approx(0.5 * abs(0.6 - 0.8) + 0.5 * abs(1 - 0.5))


def test_who_is_right_as_often_as_sure_has_hardly_any_error():
    rng = np.random.default_rng(1)
    confidence = rng.uniform(0.1, 1, 200_000)
    bins = reliability(rng.random(200_000) < confidence, confidence)
    assert expected_calibration_error(bins) < 0.01
