"""A measurement has as many images as it needs, made up where the dataset has too few."""

from __future__ import annotations

import numpy as np

from gridpress.benchmark.images import NOISE, enough
from gridpress.data.loading import Images
from gridpress.data.splits import stratified_order


def images(number: int) -> Images:
    rng = np.random.default_rng(number)
    labels = np.arange(number, dtype=np.uint8) % 3
    return Images(rng.integers(0, 256, (number, 1, 4, 5), dtype=np.uint8), labels, 3)


def test_of_a_large_dataset_the_first_of_a_stratified_order_are_taken():
    given = images(30)
    found, made_up = enough(given, 12, seed=7)
    order = stratified_order(given.labels, 7)[:12]
    assert made_up == 0
    assert np.array_equal(found.pixels, given.pixels[order])
    assert np.array_equal(found.labels, given.labels[order])


def test_of_a_small_dataset_they_are_repeated_with_noise():
    given = images(30)
    found, made_up = enough(given, 70, seed=7)
    assert (made_up, len(found.pixels), len(found.labels)) == (40, 70, 70)
    order = stratified_order(given.labels, 7)
    assert np.array_equal(found.pixels[:30], given.pixels[order])
    off = found.pixels[30:60].astype(int) - given.pixels[order]
    assert 0 < abs(off).max() <= NOISE
    assert np.array_equal(found.labels[30:60], given.labels[order])
    assert len(np.unique(found.pixels, axis=0)) == 70
    assert np.bincount(found.labels[:45]).tolist() == [15, 15, 15]


def test_the_dataset_itself_is_left_as_it_is():
    given = images(30)
    before = given.pixels.copy()
    enough(given, 70, seed=7)
    assert np.array_equal(given.pixels, before)
