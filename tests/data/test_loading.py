"""Only the pinned files are read, and only if they hold what is declared."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from conftest import DECLARED
from gridpress.data.loading import load
from gridpress.errors import GridpressError
from made_up import COUNTS, declared, idx, idx_files, pins, write_all

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


LABELS = {"train-labels-idx1-ubyte": 60, "t10k-labels-idx1-ubyte": 20}


@pytest.fixture(params=MD5)
def fetched(request, real_data):
    """The folder of a dataset."""
    return real_data / request.param


def test_fetched_files_have_the_published_md5_sums(fetched):
    found = {
        name: hashlib.md5((fetched / name).read_bytes(), usedforsecurity=False).hexdigest()
        for name in DECLARED[fetched.name].files
    }
    assert found == MD5[fetched.name]


def test_fetched_images_are_pooled(fetched):
    images = load(fetched, DECLARED[fetched.name].format)
    assert images.pixels.shape == (70_000, 1, 28, 28)
    assert images.pixels.dtype == images.labels.dtype == np.uint8
    assert np.bincount(images.labels).tolist() == CLASS_COUNTS[fetched.name]


def test_training_files_come_first(tmp_path):
    files = idx_files()
    images = load(write_all(tmp_path, files), declared(files).format)
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
        load(tmp_path, declared(files).format)
    expected, found = pins(files)[name].sha256, hashlib.sha256(wrong).hexdigest()
    assert str(error.value) == f"{tmp_path / name}: SHA-256 expected {expected}, found {found}"


def test_a_missing_file_is_named(tmp_path):
    files = idx_files()
    write_all(tmp_path, files)
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(GridpressError, match="t10k-labels-idx1-ubyte is missing"):
        load(tmp_path, declared(files).format)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"train-labels-idx1-ubyte": idx(np.full(60, 10))}, "labels from 0 to 9, found 10"),
        ({"train-labels-idx1-ubyte": idx(np.arange(59) % 10)}, "expected 60 labels, found 59"),
        ({name: idx(np.zeros(n)) for name, n in LABELS.items()}, "no image has the label 1"),
        (
            {"t10k-images-idx3-ubyte": idx(np.zeros((20, 27, 28)))},
            "expected dimensions 20 x 28 x 28, found 20 x 27 x 28",
        ),
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
        load(write_all(tmp_path, files), declared(files).format)


@pytest.mark.parametrize("shape", [(1, 12, 20), (3, 8, 9)])
def test_images_have_any_shape_and_one_or_three_channels(tmp_path, shape):
    channels, height, width = shape
    stored = (height, width) if channels == 1 else (height, width, channels)
    rng = np.random.default_rng(3)
    pixels = {part: rng.integers(0, 256, (count, *stored)) for part, count in COUNTS.items()}
    files = {f"{part}-images-idx3-ubyte": idx(values) for part, values in pixels.items()}
    files |= {f"{part}-labels-idx1-ubyte": idx(np.arange(count) % 7) for part, count in COUNTS.items()}
    dataset = declared(
        files, channels=channels, height=height, width=width, classes=[f"class {n}" for n in range(7)]
    )
    images = load(write_all(tmp_path, files), dataset.format)
    assert images.pixels.shape == (80, *shape)
    assert images.classes == 7
    first = pixels["train"][0].reshape(height, width, channels)
    assert np.array_equal(images.pixels[0].transpose(1, 2, 0), first)
