"""Every slice of the order is stratified, and samples lie in disjoint splits."""

from __future__ import annotations

import numpy as np
import pytest

from gridpress.data.splits import Division, Pool, split, stratified_order, used_of
from gridpress.errors import GridpressError

CLASS_COUNTS = {
    "mnist": [6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958],
    "fashion_mnist": [7000] * 10,
}
SIZES = {"train": 49_000, "validation": 7_000, "test": 14_000}
SAMPLES = {"train": 2_000, "train_eval": 500, "validation": 1_000, "test": 3_000}


@pytest.fixture(params=CLASS_COUNTS)
def labels(request):
    return np.repeat(np.arange(10, dtype=np.uint8), CLASS_COUNTS[request.param])


def divided(samples: dict[str, int], sizes: dict[str, int] = SIZES, seed: int = 42) -> Division:
    return Division(seed, [Pool(np.arange(70_000), sizes)], samples)


def _largest_deviation(labels: np.ndarray, part: np.ndarray) -> float:
    """Images by which a class is off its share of `part`, at most."""
    share = np.bincount(labels) / len(labels)
    return float(abs(np.bincount(labels[part], minlength=10) - share * len(part)).max())


def test_the_order_holds_every_image_once(labels):
    assert np.array_equal(np.sort(stratified_order(labels, 42)), np.arange(70_000))


def test_every_slice_of_the_order_is_stratified(labels):
    order = stratified_order(labels, 42)
    for length in (1, 10, 99, 100, 1_000, 12_345, 49_000):
        assert _largest_deviation(labels, order[:length]) <= 1
        for begin in (1, 777, 20_001):
            assert _largest_deviation(labels, order[begin : begin + length]) < 2


def test_every_split_has_each_class_within_one_of_its_share(labels):
    whole = split(labels, divided({**SIZES, "train_eval": 5_000}))
    for part in (whole.train, whole.train_eval, whole.validation, whole.test):
        assert _largest_deviation(labels, part) <= 1


def test_samples_lie_in_their_disjoint_splits(labels):
    whole = split(labels, divided({**SIZES, "train_eval": 49_000}))
    drawn = split(labels, divided(SAMPLES))
    for name, count in SAMPLES.items():
        assert np.array_equal(getattr(drawn, name), getattr(whole, name)[:count])
    together = np.concatenate([whole.train, whole.validation, whole.test])
    assert np.array_equal(np.sort(together), np.arange(70_000))


def test_the_order_depends_on_the_seed_alone(labels):
    assert np.array_equal(stratified_order(labels, 42), stratified_order(labels.copy(), 42))
    assert not np.array_equal(stratified_order(labels, 42), stratified_order(labels, 43))


def test_the_order_stays_the_same_over_versions():
    assert stratified_order(np.arange(12, dtype=np.uint8) % 3, 42).tolist() == [
        0,
        7,
        11,
        6,
        5,
        4,
        9,
        2,
        10,
        3,
        1,
        8,
    ]


def test_each_pool_is_divided_by_itself_and_stratified(labels):
    tested = np.arange(70_000) % 7 == 0
    first = Pool(np.flatnonzero(~tested), {"train": 52_000, "validation": 8_000})
    second = Pool(np.flatnonzero(tested), {"test": 10_000})
    samples = {"train": 2_000, "train_eval": 500, "validation": 8_000, "test": 3_000}
    found = split(labels, Division(42, [first, second], samples))
    assert tested[found.test].all()
    assert not tested[np.concatenate([found.train, found.validation])].any()
    for part in (found.train, found.train_eval, found.validation, found.test):
        assert _largest_deviation(labels, part) < 3


def test_more_images_than_a_split_has_means_all_of_it():
    sizes = {"train": 70, "validation": 10, "test": 20}
    assert used_of(sizes, {"train": 100, "train_eval": 80, "validation": 11, "test": None}) == {
        "train": 70, "train_eval": 70, "validation": 10, "test": 20,
    }  # fmt: skip
    assert used_of(sizes, {"train": 50, "train_eval": 60, "validation": 5, "test": 7})["train_eval"] == 50


@pytest.mark.parametrize(
    ("sizes", "samples", "message"),
    [
        (SIZES | {"test": 13_999}, SAMPLES, "hold 69999 images, the dataset 70000"),
        (SIZES, SAMPLES | {"validation": 7_001}, "7001 images wanted for validation, where there are 7000"),
        (SIZES, SAMPLES | {"train_eval": 2_001}, "2001 images wanted for train_eval, where there are 2000"),
    ],
)
def test_more_images_than_there_are_is_an_error(sizes, samples, message):
    with pytest.raises(GridpressError, match=message):
        split(np.zeros(70_000, np.uint8), divided(samples, sizes))
