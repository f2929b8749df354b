"""The images of a dataset, read from verified files, and the order in which the study uses them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gridpress.data import idx
from gridpress.errors import GridpressError

CLASSES = 10
SIDE = 28  # pixels
PARTS = ("train", "t10k")  # pooled in this order


class Pin(NamedTuple):
    """What a decompressed file must be, to the bit."""

    sha256: str
    size: int  # bytes


PINNED: Mapping[str, Mapping[str, Pin]] = {
    "mnist": {
        "train-images-idx3-ubyte": Pin(
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", 47_040_016
        ),
        "train-labels-idx1-ubyte": Pin(
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", 60_008
        ),
        "t10k-images-idx3-ubyte": Pin(
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", 7_840_016
        ),
        "t10k-labels-idx1-ubyte": Pin(
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", 10_008
        ),
    },
    "fashion_mnist": {
        "train-images-idx3-ubyte": Pin(
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888", 47_040_016
        ),
        "train-labels-idx1-ubyte": Pin(
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9", 60_008
        ),
        "t10k-images-idx3-ubyte": Pin(
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b", 7_840_016
        ),
        "t10k-labels-idx1-ubyte": Pin(
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34", 10_008
        ),
    },
}


@dataclass(frozen=True)
class Images:
    """Pooled images: `pixels` uint8 [N, 28, 28] and `labels` uint8 [N], the original training files first."""

    pixels: NDArray[np.uint8]
    labels: NDArray[np.uint8]


@dataclass(frozen=True)
class Splits:
    """Indices into the pooled images, int64; `train_eval` is the beginning of `train`."""

    train: NDArray[np.int64]
    train_eval: NDArray[np.int64]
    validation: NDArray[np.int64]
    test: NDArray[np.int64]


def load_verified(folder: Path, dataset: str) -> Images:
    """The images of a fetched dataset; raises GridpressError as `load` does, and says what brings the files."""
    try:
        return load(folder, PINNED[dataset])
    except GridpressError as error:
        raise GridpressError(f"{error}\n`gridpress fetch {dataset}` brings the right files.") from None


def load(folder: Path, pins: Mapping[str, Pin]) -> Images:
    """Read four IDX files, but only if they are those pinned.

    Raises:
        GridpressError: a file is missing or not the pinned one, is no IDX file of 28 x 28 images or of
            labels from 0 to 9, or images and labels differ in number.
    """
    pixels, labels = [], []
    for part in PARTS:
        images, classes = folder / f"{part}-images-idx3-ubyte", folder / f"{part}-labels-idx1-ubyte"
        pixels.append(idx.parse(read(images, pins[images.name]), (None, SIDE, SIDE), str(images)))
        labels.append(idx.parse(read(classes, pins[classes.name]), (None,), str(classes)))
        if len(pixels[-1]) != len(labels[-1]):
            raise GridpressError(f"{classes}: expected {len(pixels[-1])} labels, found {len(labels[-1])}")
        if labels[-1].max(initial=0) >= CLASSES:
            raise GridpressError(f"{classes}: expected labels from 0 to 9, found {labels[-1].max()}")
    return Images(np.concatenate(pixels), np.concatenate(labels))


def read(path: Path, pin: Pin) -> bytes:
    """The content of a file that is exactly the pinned one.

    Raises:
        GridpressError: the file is missing, cannot be read, or has another hash; says which was expected.
    """
    try:
        if not path.is_file():
            raise GridpressError(f"{path} is missing")
        with path.open("rb") as file:
            content = file.read(pin.size + 1)
            digest = hashlib.sha256(content)
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    except OSError as error:
        raise GridpressError(f"cannot read {path}: {error.strerror}") from None
    if digest.hexdigest() != pin.sha256:
        raise GridpressError(f"{path}: SHA-256 expected {pin.sha256}, found {digest.hexdigest()}")
    return content


def stratified_order(labels: NDArray[np.uint8], seed: int) -> NDArray[np.int64]:
    """An order of all images in which every contiguous slice holds the classes in proportion.

    The images are shuffled; then the i-th of the n images of a class is placed at (i + 0.5) / n, and
    images at the same place keep their shuffled order. With classes of about equal size, a slice from the
    beginning is off by less than one image per class from exact proportion, any other by less than two.

    Args:
        labels: uint8 [N].
        seed: of numpy's PCG64.

    Returns:
        A permutation of 0 to N - 1, int64 [N].
    """
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    place = np.empty(len(labels))
    for label in np.unique(labels):
        members = np.flatnonzero(labels[shuffled] == label)
        place[members] = (np.arange(len(members)) + 0.5) / len(members)
    return shuffled[np.argsort(place, kind="stable")].astype(np.int64)


def split(
    labels: NDArray[np.uint8], seed: int, sizes: Mapping[str, int], samples: Mapping[str, int]
) -> Splits:
    """Which images the study uses: disjoint splits, and the beginning of each as its sample.

    A larger sample contains every smaller one, as both are beginnings of the same order.

    Args:
        labels: uint8 [N].
        seed: of the order.
        sizes: images in `train`, `validation` and `test`; they sum to N.
        samples: images used of `train`, `validation` and `test`, and of the first of these, `train_eval`.

    Raises:
        GridpressError: the sizes don't sum to N, or a sample is larger than its split.
    """
    if sum(sizes.values()) != len(labels):
        raise GridpressError(f"the splits hold {sum(sizes.values())} images, the dataset {len(labels)}")
    available = {**sizes, "train_eval": samples["train"]}
    for name, count in samples.items():
        if count > available[name]:
            raise GridpressError(f"{count} images wanted for {name}, where there are {available[name]}")
    order = stratified_order(labels, seed)
    validation = sizes["train"]
    test = validation + sizes["validation"]
    return Splits(
        train=order[: samples["train"]],
        train_eval=order[: samples["train_eval"]],
        validation=order[validation : validation + samples["validation"]],
        test=order[test : test + samples["test"]],
    )
