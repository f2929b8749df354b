"""Only the pinned files are read, and every slice of the order is stratified."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from gridpress.data.loading import PINNED, load, load_verified, split, stratified_order
from gridpress.errors import GridpressError
from made_up import idx, idx_files, pins, write_all

MD5 = {
    "mnist": {
        "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
        "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
        "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
        "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
    },
    "fashion_mnist": {
        "train-images-idx3-ubyte": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
        "train-labels-idx1-ubyte": "9018921c3c673c538a1fc5bad174d6f9",
        "t10k-images-idx3-ubyte": "8181f5470baa50b63fa0f6fddb340f0a",
        "t10k-labels-idx1-ubyte": "15d484375f8d13e6eb1aabb0c3f46965",
    },
}
CLASS_COUNTS = {
    "mnist": [6903, 7877, 6990, 7141, 6824, 6313, 6876, 7293, 6825, 6958],
    "fashion_mnist": [7000] * 10,
}
SIZES = {"train": 49_000, "validation": 7_000, "test": 14_000}
SAMPLES = {"train": 2_000, "train_eval": 500, "validation": 1_000, "test": 3_000}


@pytest.fixture(params=MD5)
def fetched(request, real_data):
    """The folder of a dataset."""
    return real_data / request.param


@pytest.fixture(params=CLASS_COUNTS)
def labels(request):
    return np.repeat(np.arange(10, dtype=np.uint8), CLASS_COUNTS[request.param])


def test_fetched_files_have_the_published_md5_sums(fetched):
    found = {
        name: hashlib.md5((fetched / name).read_bytes(), usedforsecurity=False).hexdigest()
        for name in PINNED[fetched.name]
    }
    assert found == MD5[fetched.name]


def test_fetched_images_are_pooled(fetched):
    images = load_verified(fetched, fetched.name)
    assert images.pixels.shape == (70_000, 28, 28)
    assert images.pixels.dtype == images.labels.dtype == np.uint8
    assert np.bincount(images.labels).tolist() == CLASS_COUNTS[fetched.name]


def test_training_files_come_first(tmp_path):
    files = idx_files()
    images = load(write_all(tmp_path, files), pins(files))
    assert images.pixels[:60].tobytes() == files["train-images-idx3-ubyte"][16:]
    assert images.pixels[60:].tobytes() == files["t10k-images-idx3-ubyte"][16:]
    assert images.labels.tolist() == [*range(10)] * 8


def _tampered(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.parametrize("name", idx_files())
@pytest.mark.parametrize("change", [_tampered, lambda data: data[:-1], lambda data: data + b"\0" * (3 << 20)])
def test_a_file_that_is_not_the_pinned_one_is_named_with_both_hashes(tmp_path, name, change):
    files = idx_files()
    write_all(tmp_path, files)
    wrong = change(files[name])
    (tmp_path / name).write_bytes(wrong)
    with pytest.raises(GridpressError) as error:
        load(tmp_path, pins(files))
    expected, found = pins(files)[name].sha256, hashlib.sha256(wrong).hexdigest()
    assert str(error.value) == f"{tmp_path / name}: SHA-256 expected {expected}, found {found}"


def test_files_of_another_dataset_are_refused_with_the_remedy(tmp_path):
    write_all(tmp_path, idx_files())
    with pytest.raises(GridpressError, match=r"SHA-256 expected ba89(.|\n)*`gridpress fetch mnist`"):
        load_verified(tmp_path, "mnist")


def test_a_missing_file_is_named(tmp_path):
    files = idx_files()
    write_all(tmp_path, files)
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(GridpressError, match="t10k-labels-idx1-ubyte is missing"):
        load(tmp_path, pins(files))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"train-labels-idx1-ubyte": idx(np.full(60, 10))}, "labels from 0 to 9, found 10"),
        ({"train-labels-idx1-ubyte": idx(np.zeros(59))}, "expected 60 labels, found 59"),
        ({"t10k-images-idx3-ubyte": idx(np.zeros((20, 27, 28)))}, "expected dimensions any x 28 x 28"),
        (
            {
                "train-labels-idx1-ubyte": idx_files()["train-images-idx3-ubyte"],
                "train-images-idx3-ubyte": idx_files()["train-labels-idx1-ubyte"],
            },
            "expected the magic number 00000803",
        ),
    ],
)
def test_even_pinned_files_must_hold_labelled_images(tmp_path, changed, message):
    files = idx_files() | changed
    with pytest.raises(GridpressError, match=message):
        load(write_all(tmp_path, files), pins(files))


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
    whole = split(labels, 42, SIZES, {**SIZES, "train_eval": 5_000})
    for part in (whole.train, whole.train_eval, whole.validation, whole.test):
        assert _largest_deviation(labels, part) <= 1


def test_samples_lie_in_their_disjoint_splits(labels):
    whole = split(labels, 42, SIZES, {**SIZES, "train_eval": 49_000})
    drawn = split(labels, 42, SIZES, SAMPLES)
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
        split(np.zeros(70_000, np.uint8), 42, sizes, samples)
