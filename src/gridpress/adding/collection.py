"""What every kind of source is read as: classes, parts, and images one after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gridpress.config.dataset import LARGEST_SIDE, MOST_CLASSES, MOST_IMAGES
from gridpress.config.values import SMALLEST_SIDE
from gridpress.errors import InputError
from gridpress.messages import counted, one_line

Split = Literal["train", "validation", "test"]
SPLITS: dict[str, Split] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
    "t10k": "test",
}  # by the names that published datasets have for them
ORDER = (None, "train", "validation", "test")  # in which parts are pooled
TRANSPOSED = "emnist"  # begins the names of files whose images have rows and columns exchanged
UPRIGHT = "rows and columns of EMNIST's images are exchanged, so that they are upright"
SHOWN = 3  # names in a sentence


@dataclass(frozen=True)
class Part:
    """Images as they are stored.

    Attributes:
        split: which the images were published as; None where they are one set.
        labels: numbers of classes, [N].
        names: of the images, as messages call them, [N].
        pixels: the images in this order, each uint8 [H, W] or [H, W, 3]; may be asked for more than once.
        groups: what each image belongs to, [N]; None where no groups are asked for.
    """

    split: Split | None
    labels: NDArray[np.int64]
    names: Sequence[str]
    pixels: Callable[[], Iterator[NDArray[np.uint8]]]
    groups: Sequence[str] | None = None

    @property
    def name(self) -> str:
        return self.split or "all"


@dataclass(frozen=True)
class Collection:
    """A source that was understood, before its images are read.

    Attributes:
        classes: their names, by label.
        shape: channels, height and width of every image.
        parts: in the order in which they are pooled.
        origin: what it was, for the citation.
        remarks: what a person should know of how it was read, a sentence each.
    """

    classes: list[str]
    shape: tuple[int, int, int]
    parts: list[Part]
    origin: str
    remarks: list[str] = field(default_factory=list)

    @property
    def images(self) -> int:
        """The number of images of all parts."""
        return sum(len(part.labels) for part in self.parts)


def checked(collection: Collection, source: str) -> Collection:
    """The same, if a study can be made of it.

    Raises:
        InputError: too few or too many classes, images or pixels, two parts for one split, or a class or a
            part without images.
    """
    channels, height, width = collection.shape
    check_classes(len(collection.classes), source)
    check_images(collection.images, source)
    if channels not in {1, 3}:
        raise InputError(f"{source}: images of {channels} channels; they must have 1 (grey) or 3 (colour)")
    if min(height, width) < SMALLEST_SIDE or max(height, width) > LARGEST_SIDE:
        raise InputError(
            f"{source}: images are {height} x {width} pixels; sides from {SMALLEST_SIDE} to {LARGEST_SIDE} "
            "pixels are used (--size HEIGHTxWIDTH brings pictures to others)"
        )
    if twice := [
        name for name, number in Counter(part.name for part in collection.parts).items() if number > 1
    ]:
        raise InputError(f"{source}: more than one part is named {twice[0]}; put them together, or name one")
    if empty := [part.name for part in collection.parts if not len(part.labels)]:
        raise InputError(f"{source}: no image in the part {empty[0]}; every part needs one")
    labels = np.concatenate([part.labels for part in collection.parts])
    there = set(np.unique(labels).tolist())
    if absent := [name for label, name in enumerate(collection.classes) if label not in there]:
        raise InputError(f"{source}: no image of {some(absent)}; every class needs one")
    return collection


def check_classes(number: int, source: str) -> None:
    """Raises InputError where there are too few or too many."""
    if number < 2:
        raise InputError(f"{source}: {number or 'no'} class where there must be two or more")
    if number > MOST_CLASSES:
        raise InputError(f"{source}: {number} classes; at most {MOST_CLASSES}")


def check_images(number: int, source: str) -> None:
    """Raises InputError where there are too many."""
    if number > MOST_IMAGES:
        raise InputError(f"{source}: {counted(number, 'image')}; at most {MOST_IMAGES}")


def split_of(name: str) -> Split | None:
    """The split that a folder or file is named after, such as `t10k-images-idx3-ubyte`; None for none."""
    words = "".join(c if c.isalnum() else " " for c in name.lower()).split()
    return next((SPLITS[word] for word in words if word in SPLITS), None)


def some(names: Sequence[str]) -> str:
    """The first few of them, and how many more."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return one_line(", ".join(names[:SHOWN])) + more


def in_order(names: Iterable[str]) -> list[str]:
    """Names of classes as they are numbered: by their number if all are numbers, else alphabetically."""
    found = sorted(names)
    numbers = all(re.fullmatch(r"[0-9]{1,18}", name) for name in found)
    return sorted(found, key=int) if numbers else found


def numbered(labels: Sequence[NDArray[np.int64]]) -> tuple[list[str], list[NDArray[np.int64]]]:
    """Classes named by their numbers, and the labels of each part counted from 0."""
    values = np.unique(np.concatenate(labels))
    return [str(value) for value in values.tolist()], [np.searchsorted(values, part) for part in labels]


def grey(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of an image without a last dimension of one channel."""
    return shape[:2] if shape[2:] == (1,) else shape
