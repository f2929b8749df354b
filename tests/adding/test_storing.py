"""What is stored are the bytes of the images and the numbers of their classes; what is the same is named."""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections import namedtuple

import numpy as np
import pytest

from adding.conftest import noise
from gridpress.adding.collection import Collection, Part
from gridpress.adding.storing import store
from gridpress.data import idx as idx_format
from gridpress.data.loading import Pin
from gridpress.errors import GridpressError, InputError
from gridpress.progress import silent
from made_up import Progress, idx, pins, read_all


def part(pixels, labels=None, split=None, prefix="image") -> Part:
    given = np.arange(len(pixels)) if labels is None else np.array(labels)
    names = [f"{split or prefix} {at}" for at in range(len(pixels))]
    return Part(split, given.astype(np.int64), names, pixels.__iter__)


def made(*parts: Part, classes=10, shape=(1, 8, 9)) -> Collection:
    return Collection([str(label) for label in range(classes)], shape, [*parts], "made")


def test_each_part_is_a_file_of_images_and_one_of_labels(tmp_path):
    grey = noise(5, 8, 9)
    stored = store(made(part(grey[:3], split="train"), part(grey[3:], [7, 0], "test")), tmp_path, silent)
    files = {
        "train-images.idx": idx(grey[:3]),
        "train-labels.idx": idx(np.arange(3)),
        "test-images.idx": idx(grey[3:]),
        "test-labels.idx": idx(np.array([7, 0])),
    }
    assert read_all(tmp_path) == files
    assert stored.pins == pins(files)


def test_colour_images_have_their_channels_last(tmp_path):
    colour = noise(5, 8, 9, 3)
    store(made(part(colour), shape=(3, 8, 9)), tmp_path, silent)
    assert (tmp_path / "all-images.idx").read_bytes() == idx(colour)


def test_images_may_lie_in_memory_in_any_order(tmp_path):
    grey = noise(5, 9, 8)
    store(made(part(grey.swapaxes(1, 2))), tmp_path, silent)
    assert (tmp_path / "all-images.idx").read_bytes() == idx(grey.swapaxes(1, 2))


@pytest.mark.parametrize(("classes", "bytes_each"), [(2, 1), (256, 1), (257, 2), (1000, 2)])
def test_more_than_256_classes_have_labels_of_16_bits(tmp_path, classes, bytes_each):
    labels = np.arange(classes)[::-1]
    store(made(part(noise(classes, 8, 9), labels), classes=classes), tmp_path, silent)
    kind, dtype = ((8, "u1"), (0x0B, ">i2"))[bytes_each - 1]
    content = (tmp_path / "all-labels.idx").read_bytes()
    assert content == bytes([0, 0, kind, 1]) + classes.to_bytes(4) + labels.astype(dtype).tobytes()
    parsed = idx_format.parse(content, (None,), "labels", kind)
    assert np.array_equal(parsed, labels)


def test_the_pins_are_those_of_the_files(tmp_path):
    stored = store(made(part(noise(5, 8, 9))), tmp_path, silent)
    for name, pin in stored.pins.items():
        content = (tmp_path / name).read_bytes()
        assert pin == Pin(hashlib.sha256(content).hexdigest(), len(content))


def test_the_same_images_are_the_same_bytes(tmp_path):
    collection = made(part(noise(5, 8, 9)))
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert store(collection, tmp_path / "one", silent) == store(collection, tmp_path / "two", silent)
    assert read_all(tmp_path / "one") == read_all(tmp_path / "two")


def test_images_that_are_the_same_are_named_and_those_of_several_parts_apart(tmp_path):
    a, b, c, d = noise(4, 8, 9)
    train, test = np.array([a, b, a, c, a]), np.array([d, c, d, a])
    stored = store(made(part(train, split="train"), part(test, split="test")), tmp_path, silent)
    assert stored.twins == [
        ["train 0", "train 2", "train 4", "test 3"],
        ["train 3", "test 1"],
        ["test 0", "test 2"],
    ]
    assert stored.apart == [["train 0", "test 3"], ["train 3", "test 1"]]


def test_images_that_differ_in_one_value_are_not_the_same(tmp_path):
    images = np.zeros((2, 8, 9), np.uint8)
    images[1, 7, 8] = 1
    stored = store(made(part(images)), tmp_path, silent)
    assert (stored.twins, stored.apart) == ([], [])


def test_every_image_is_progress(tmp_path):
    progress = Progress()
    store(made(part(noise(3, 8, 9), split="train"), part(noise(2, 8, 9), split="test")), tmp_path, progress)
    assert (progress.done, progress.steps) == (5, 5)


def test_an_image_of_another_shape_is_named(tmp_path):
    with pytest.raises(InputError, match=r"^image 0: \[9, 9\] where \[8, 9\] is expected$"):
        store(made(part(noise(2, 9, 9))), tmp_path, silent)


def test_a_disk_without_room_is_named_before_anything_is_written(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")(10**9, 10**9, 300)  # noqa: PYI024
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(GridpressError, match=r"^the pixels take 0\.0 GB, and the disk has 0\.0 GB free$"):
        store(made(part(noise(5, 8, 9))), tmp_path, silent)
    assert read_all(tmp_path) == {}
    store(made(part(noise(4, 8, 9))), tmp_path, silent)


def test_a_disk_that_fills_up_is_named(tmp_path):
    def images():
        yield noise(8, 9)
        raise OSError(errno.ENOSPC, "No space left on device")

    collection = made(Part(None, np.array([0, 1]), ["a", "b"], images))
    with pytest.raises(GridpressError, match=rf"^cannot write {tmp_path}: No space left on device$"):
        store(collection, tmp_path, silent)
