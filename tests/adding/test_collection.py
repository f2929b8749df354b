"""What a study cannot be made of is refused, in words; names of parts and orders of classes."""

from __future__ import annotations

import numpy as np
import pytest

from gridpress.adding.collection import Collection, Part, checked, in_order, numbered, some, split_of
from gridpress.errors import InputError


def part(*labels: int, split=None) -> Part:
    return Part(split, np.array(labels, np.int64), [str(at) for at in range(len(labels))], lambda: iter(()))


def made(*parts: Part, classes: int = 2, shape: tuple[int, int, int] = (1, 8, 8)) -> Collection:
    return Collection([f"c{label}" for label in range(classes)], shape, list(parts), "made")


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 8, 4096)])
def test_two_classes_with_an_image_each_are_enough(shape):
    collection = made(part(0, 1), shape=shape)
    assert checked(collection, "x") is collection


def test_a_class_may_lack_in_a_part():
    assert checked(made(part(0, split="train"), part(1, split="test")), "x").images == 2


@pytest.mark.parametrize(
    ("collection", "why"),
    [
        (made(part(), classes=0), "x: no class where there must be two or more"),
        (made(part(0), classes=1), "x: 1 class where there must be two or more"),
        (made(part(0), classes=1001), "x: 1001 classes; at most 1000"),
        (made(part(0)), "x: no image of c1; every class needs one"),
        (made(part(2), classes=9), "x: no image of c0, c1, c3 and 5 more; every class needs one"),
        (
            made(part(0, 1, split="train"), part(split="test")),
            "x: no image in the part test; every part needs",
        ),
        (made(part(0, 1), part(0, 1)), "x: more than one part is named all; put them together"),
        (made(part(0, 1), shape=(2, 8, 8)), "x: images of 2 channels; they must have 1"),
        (made(part(0, 1), shape=(1, 7, 9)), "x: images are 7 x 9 pixels; sides from 8 to 4096 pixels"),
        (made(part(0, 1), shape=(1, 9, 4097)), "x: images are 9 x 4097 pixels; sides from 8 to 4096 pixels"),
    ],
)
def test_what_no_study_can_be_made_of_is_refused(collection, why):
    with pytest.raises(InputError, match=f"^{why}"):
        checked(collection, "x")


def test_ten_million_images_are_the_most():
    many = Part(None, np.broadcast_to(np.int64(0), 10_000_001), [], lambda: iter(()))
    with pytest.raises(InputError, match=r"^x: 10000001 images; at most 10000000$"):
        checked(made(many), "x")


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("train", "train"),
        ("Training", "train"),
        ("t10k-images-idx3-ubyte", "test"),
        ("fashion-mnist_test.csv", "test"),
        ("VAL", "validation"),
        ("my.validation.csv", "validation"),
        ("trainstation.csv", None),
        ("latest.csv", None),
        ("", None),
    ],
)
def test_a_split_is_known_by_a_whole_word_of_the_name(name, split):
    assert split_of(name) == split


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        (["10", "9", "2"], ["2", "9", "10"]),
        (["1", "01", "0"], ["0", "01", "1"]),
        (["10", "9", "x"], ["10", "9", "x"]),
        (["b", "a", "B"], ["B", "a", "b"]),
        (["²", "1"], ["1", "²"]),
        (["9" * 5000, "10"], ["10", "9" * 5000]),
    ],
)
def test_numbers_are_in_their_order_if_all_names_are_numbers(names, ordered):
    assert in_order(names) == in_order(reversed(names)) == ordered


def test_labels_of_any_range_are_counted_from_0_in_all_parts_alike():
    classes, (one, two) = numbered([np.array([7, 300, 7]), np.array([9, 300])])
    assert classes == ["7", "9", "300"]
    assert one.tolist() == [0, 2, 0]
    assert two.tolist() == [1, 2]


def test_three_names_are_spelled_out_and_what_cannot_be_seen_is_escaped():
    assert some(["a"]) == "a"
    assert some(["a", "b\n", "c"]) == "a, b\\n, c"
    assert some(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
