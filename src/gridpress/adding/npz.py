"""A NumPy archive in the layout of Keras or of MedMNIST, read image by image."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from gridpress.adding.collection import Collection, Part, Split, check_images, grey, numbered
from gridpress.adding.unpacked import chunks, readable
from gridpress.errors import InputError
from gridpress.messages import one_line

LAYOUTS: tuple[tuple[str, dict[Split | None, tuple[str, str]]], ...] = (
    ("Keras", {"train": ("x_train", "y_train"), "test": ("x_test", "y_test")}),
    (
        "MedMNIST",
        {
            "train": ("train_images", "train_labels"),
            "validation": ("val_images", "val_labels"),
            "test": ("test_images", "test_labels"),
        },
    ),
    ("one part", {None: ("images", "labels")}),
)
LONGEST_HEADER = 1 << 16  # bytes; NumPy itself reads 10,000 characters


class Array(NamedTuple):
    """An array of the archive by its header, which is `begin` bytes long."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool
    begin: int


def read(source: Path) -> Collection:
    """An archive as a collection.

    Images are [N, H, W] or [N, H, W, C] of whole numbers from 0 to 255, labels [N] or [N, 1].

    Raises:
        InputError: it is no such archive; says which arrays it holds, and which it should.
    """
    shown = one_line(source.name)
    arrays = _arrays(source)
    layout = next((pairs for _, pairs in LAYOUTS if _has(arrays, pairs)), None)
    if layout is None:
        wanted = "; ".join(
            f"{title}: {', '.join(name for pair in pairs.values() for name in pair)}"
            for title, pairs in LAYOUTS
        )
        raise InputError(f"{shown} holds {_names(arrays)}; it should hold the arrays of one of {wanted}")
    pairs = {split: pair for split, pair in layout.items() if pair[0] in arrays or pair[1] in arrays}
    for images, labels in pairs.values():
        if absent := [name for name in (images, labels) if name not in arrays]:
            there = labels if images in absent else images
            raise InputError(f"{shown}: {there} is there without {absent[0]}")
        if arrays[labels].shape[:1] != arrays[images].shape[:1]:
            shapes = ", ".join(f"{name} is {list(arrays[name].shape)}" for name in (images, labels))
            raise InputError(f"{shown}: {shapes}; there must be as many labels as images")
    height, width, *colours = _one({arrays[images].shape[1:] for images, _ in pairs.values()}, shown)
    check_images(sum(arrays[images].shape[0] for images, _ in pairs.values()), shown)
    classes, numbers = numbered([_labels(source, arrays[labels]) for _, labels in pairs.values()])
    parts = [
        Part(
            split,
            given,
            [f"{images}[{at}]" for at in range(len(given))],
            partial(_pixels, source, arrays[images]),
        )
        for (split, (images, _)), given in zip(pairs.items(), numbers, strict=True)
    ]
    return Collection(classes, (colours[0] if colours else 1, height, width), parts, source.name)


def _has(arrays: Mapping[str, Array], pairs: Mapping[Split | None, tuple[str, str]]) -> bool:
    return any(name in arrays for name in next(iter(pairs.values())))


def _names(arrays: Mapping[str, Array]) -> str:
    return (
        one_line(", ".join(f"{array.name} {list(array.shape)}" for array in arrays.values())) or "no arrays"
    )


def _one(shapes: set[tuple[int, ...]], shown: str) -> tuple[int, ...]:
    if len(shapes) > 1:
        raise InputError(f"{shown}: the images of its parts have different sizes: {sorted(shapes)}")
    [shape] = shapes
    if not (len(shape) == 2 or (len(shape) == 3 and shape[2] in {1, 3})):
        raise InputError(f"{shown}: images are {list(shape)}; they must be [H, W], [H, W, 1] or [H, W, 3]")
    return shape


def _arrays(source: Path) -> dict[str, Array]:
    with readable(source), zipfile.ZipFile(source) as archive:
        names = [name.removesuffix(".npy") for name in archive.namelist() if name.endswith(".npy")]
        return {name: _array(archive, name) for name in names}


def _array(archive: zipfile.ZipFile, name: str) -> Array:
    """What the header of an array says; no pickled object is ever read."""
    with archive.open(f"{name}.npy") as stream:
        start = io.BytesIO(stream.read(LONGEST_HEADER))
    try:
        version = npy.read_magic(start)
        header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = header(start)
    except Exception as error:  # noqa: BLE001  # a header is Python, which can be broken in every way there is
        raise ValueError(f"the header of {name}: {error}") from None
    return Array(name, tuple(map(int, shape)), dtype, fortran, start.tell())  # True is a 1 in Python


def _rows(source: Path, array: Array, what: str) -> Iterator[NDArray[Any]]:
    """The values of an array, some entries of its first dimension at once."""
    shown = f"{one_line(source.name)}: {array.name}"
    if array.dtype.kind not in "ui":
        raise InputError(f"{shown} holds values of the type {array.dtype.name}; whole numbers are needed")
    if array.fortran:
        raise InputError(
            f"{shown} is stored column by column; save it as numpy.ascontiguousarray({array.name})"
        )
    count, *shape = array.shape
    size = math.prod(shape) * array.dtype.itemsize
    with readable(source), zipfile.ZipFile(source) as archive, archive.open(f"{array.name}.npy") as stream:
        stream.read(array.begin)
        for content in chunks(stream, count, size, f"{shown}: {what}"):
            yield np.frombuffer(content, array.dtype).reshape(-1, *shape)


def _labels(source: Path, array: Array) -> NDArray[np.int64]:
    shown = f"{one_line(source.name)}: {array.name}"
    if len(array.shape) != 1 and array.shape[1:] != (1,):
        raise InputError(f"{shown} is {list(array.shape)}; it must be [N], as an image has one label")
    rows = (rows.reshape(-1).astype(np.int64) for rows in _rows(source, array, "label"))
    found = np.concatenate([np.empty(0, np.int64), *rows])
    if found.min(initial=0) < 0:
        raise InputError(f"{shown} holds labels below 0")
    return found


def _pixels(source: Path, array: Array) -> Iterator[NDArray[np.uint8]]:
    for rows in _rows(source, array, "image"):
        if rows.min(initial=0) < 0 or rows.max(initial=0) > 255:
            raise InputError(f"{one_line(source.name)}: {array.name} holds values beyond 0 to 255")
        yield from rows.astype(np.uint8).reshape(len(rows), *grey(array.shape[1:]))
