"""The images of a dataset, read from verified files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gridpress.data import idx
from gridpress.errors import GridpressError

BYTE_CLASSES = 256  # whose labels are stored as bytes

Labels = NDArray[np.uint8] | NDArray[np.uint16]


class Pin(NamedTuple):
    """What a decompressed file must be, to the bit."""

    sha256: str
    size: int  # bytes


class PinnedFile(NamedTuple):
    """The name of a file, and what it must be."""

    name: str
    pin: Pin


class PartFormat(NamedTuple):
    """The IDX files of a part of a dataset, and how many images they hold."""

    images: PinnedFile
    labels: PinnedFile
    number: int


class Format(NamedTuple):
    """What the files of a dataset must hold.

    `parts` are pooled in their order, `shape` is channels, height and width of an image, and every label from
    0 to `classes` - 1 must occur. Other files are refused: what decides pixels and labels is in the files
    themselves.
    """

    parts: tuple[PartFormat, ...]
    shape: tuple[int, int, int]
    classes: int


@dataclass(frozen=True)
class Images:
    """Pooled images, part after part.

    `pixels` is uint8 [N, C, H, W], `labels` is uint8 or uint16 [N] with values below `classes`.
    """

    pixels: NDArray[np.uint8]
    labels: Labels
    classes: int


def load(folder: Path, wanted: Format) -> Images:
    """Read the IDX files of a dataset, but only if they are those pinned.

    Images of one channel are stored as [N, H, W], others as [N, H, W, C]; labels as bytes, or as 16-bit
    integers where there are too many classes for that.

    Raises:
        GridpressError: a file is missing or not the pinned one, is no IDX file of such images or labels,
            images and labels differ in number, or a class has no image.
    """
    channels, height, width = wanted.shape
    stored = (height, width) if channels == 1 else (height, width, channels)
    pixels: list[NDArray[np.uint8]] = []
    labels: list[NDArray[Any]] = []
    for part in wanted.parts:
        images, classes = folder / part.images.name, folder / part.labels.name
        content = idx.parse(read(images, part.images.pin), (part.number, *stored), str(images))
        pixels.append(content.reshape(part.number, height, width, channels).transpose(0, 3, 1, 2))
        labels.append(_labels(read(classes, part.labels.pin), str(classes), wanted.classes))
        if len(labels[-1]) != part.number:
            raise GridpressError(f"{classes}: expected {part.number} labels, found {len(labels[-1])}")
        if (largest := labels[-1].max(initial=0)) >= wanted.classes:
            raise GridpressError(
                f"{classes}: expected labels from 0 to {wanted.classes - 1}, found {largest}"
            )
    pooled = np.concatenate(labels)
    if absent := np.flatnonzero(np.bincount(pooled, minlength=wanted.classes) == 0).tolist():
        raise GridpressError(f"{folder}: no image has the label {absent[0]}")
    return Images(np.ascontiguousarray(np.concatenate(pixels)), pooled, wanted.classes)


def _labels(content: bytes, name: str, classes: int) -> Labels:
    if classes <= BYTE_CLASSES:
        return np.asarray(idx.parse(content, (None,), name), np.uint8)
    found = idx.parse(content, (None,), name, idx.SHORT)
    if (least := found.min(initial=0)) < 0:
        raise GridpressError(f"{name}: expected labels from 0 to {classes - 1}, found {least}")
    return found.astype(np.uint16)


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
