from __future__ import annotations

import numpy as np
import pytest

from gridpress.classical.features import features, scaler


def test_features_are_the_pixels_of_an_image_in_a_row_from_0_to_1(made_up):
    images, splits = made_up
    found = features(images, splits.test)
    assert found.shape == (60, 784)
    assert (found.min(), found.max()) == (0, pytest.approx(220 / 255))


@pytest.mark.parametrize(("name", "least", "most"), [("minmax", 0, 1), ("none", 2, 6)])
def test_features_are_scaled_as_the_training_images_say(name, least, most):
    rows = np.array([[2.0], [4.0], [6.0]])
    scaled = scaler(name).fit(rows).transform(rows)
    assert (scaled.min(), scaled.max()) == (least, most)


def test_standardised_features_have_mean_0_and_deviation_1():
    rows = np.array([[2.0], [4.0], [6.0]])
    scaled = scaler("standard").fit(rows).transform(rows)
    assert (scaled.mean(), scaled.std()) == (0, pytest.approx(1))
