from __future__ import annotations

import numpy as np

from gridpress.fetch.duplicates import digest, duplicates


def images(*values: int) -> list[bytes]:
    return [digest(np.full((1, 3, 4), value, np.uint8)) for value in values]


def test_same_images_are_sets_of_rising_indices_and_others_are_in_none():
    assert duplicates(images(7, 5, 7, 9, 5, 7)) == [[0, 2, 5], [1, 4]]
    assert duplicates(images(1, 2, 3)) == []
    assert duplicates([]) == []


def test_one_value_of_one_pixel_tells_images_apart():
    other = np.zeros((1, 3, 4), np.uint8)
    other[0, 2, 3] = 1
    assert duplicates([digest(np.zeros((1, 3, 4), np.uint8)), digest(other)]) == []


def test_the_order_in_memory_does_not_count():
    pixels = np.arange(12, dtype=np.uint8).reshape(1, 3, 4)
    assert digest(np.asfortranarray(pixels)) == digest(pixels)
