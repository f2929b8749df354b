"""The IDX files of a dataset like MNIST: pairs of images and labels, plain or gzipped."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gridpress.adding.collection import (
    ORDER,
    SPLITS,
    TRANSPOSED,
    UPRIGHT,
    Collection,
    Part,
    check_images,
    grey,
    numbered,
    some,
    split_of,
)
from gridpress.adding.unpacked import chunks, unpacked
from gridpress.data import idx
from gridpress.errors import InputError
from gridpress.messages import one_line

MAPPING = 1 << 16  # bytes that are read of a file that names classes


class IdxFile(NamedTuple):
    """A file, and the dimensions that its header names."""

    path: Path
    shape: tuple[int, ...]

    @property
    def name(self) -> str:
        return one_line(self.path.name)


def is_one(source: Path) -> bool:
    """Whether there are IDX files with this path, beginning with it, or in this folder."""
    return bool(_files(source))


def read(source: Path) -> Collection:
    """IDX files as a collection.

    Labels are numbers of any range; a file `…mapping.txt` beside them (a label and the code of its character
    in each line, as EMNIST has it) names the classes.

    Args:
        source: their folder, with the beginning of their names where it holds several datasets.

    Raises:
        InputError: a file cannot be read, labels or images lack the other, or there is more than one dataset.
    """
    shown = one_line(str(source))
    found = _files(source)
    images = _by_stem(file for file in found if len(file.shape) > 1)
    labels = _by_stem(file for file in found if len(file.shape) == 1)
    for one, other, have, lack in (
        (images, labels, "images", "labels"),
        (labels, images, "labels", "images"),
    ):
        if alone := [file.name for stem, file in one.items() if stem not in other]:
            raise InputError(
                f"{shown}: {some(alone)} has {have}, and no file beside it has the {lack} of them"
            )
    _refuse_several(source, list(images))
    stems = sorted(images, key=lambda stem: (ORDER.index(split_of(stem)), stem))
    shapes = {grey(images[stem].shape[1:]) for stem in stems}
    if len(shapes) > 1:
        raise InputError(
            f"{shown}: images of different sizes in {some([images[stem].name for stem in stems])}"
        )
    for stem in stems:
        if (has := images[stem].shape[0]) != (number := labels[stem].shape[0]):
            raise InputError(f"{images[stem].name} has {has} images, {labels[stem].name} {number} labels")
    check_images(sum(images[stem].shape[0] for stem in stems), shown)
    (height, width, *colours), transposed = shapes.pop(), any(TRANSPOSED in stem.lower() for stem in stems)
    if transposed:
        height, width = width, height
    classes, given_labels = numbered([_labels(labels[stem]) for stem in stems])
    parts = [
        Part(
            split_of(stem),
            given,
            [f"{images[stem].name} number {at}" for at in range(len(given))],
            partial(_pixels, images[stem], transposed=transposed),
        )
        for stem, given in zip(stems, given_labels, strict=True)
    ]
    named = _mapping(images[stems[0]].path, classes) or classes
    shape = (colours[0] if colours else 1, height, width)
    return Collection(named, shape, parts, source.name, [UPRIGHT] if transposed else [])


def _files(source: Path) -> list[IdxFile]:
    if source.is_dir():
        paths = [path for path in sorted(source.rglob("*")) if not path.name.startswith(".")]
    else:
        paths = sorted(source.parent.glob(f"{_literal(source.name)}*")) if source.parent.is_dir() else []
    return [IdxFile(path, shape) for path in paths if path.is_file() and (shape := _shape(path)) is not None]


def _literal(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)


def _shape(path: Path) -> tuple[int, ...] | None:
    """The dimensions of an IDX file of bytes; None for any other file."""
    if "idx" not in path.name.lower():
        return None
    try:
        with unpacked(path) as file:
            start = file.read(4)
            if len(start) < 4 or start[:3] != bytes([0, 0, idx.UNSIGNED_BYTE]) or start[3] not in {1, 3, 4}:
                return None
            sizes = file.read(4 * start[3])
    except InputError:
        return None
    return tuple(int(size) for size in np.frombuffer(sizes, ">u4")) if len(sizes) == 4 * start[3] else None


def _stem(path: Path) -> str:
    """What the names of images and labels of a part have in common."""
    return re.sub(r"(?i)images|labels|idx\d|ubyte|\.(gz|zip)$|[-._](?=[-._]|$)", "", path.name).strip("-._")


def _by_stem(files: Iterable[IdxFile]) -> dict[str, IdxFile]:
    """By what images and labels have in common; a file may be there twice, as itself and gzipped."""
    found: dict[str, IdxFile] = {}
    for file in files:
        other = found.setdefault(_stem(file.path), file)
        if other is not file and (other.shape != file.shape or _digest(other) != _digest(file)):
            raise InputError(
                f"{one_line(str(other.path))} and {one_line(str(file.path))} are of different datasets: name "
                "the folder of one"
            )
    return found


def _digest(file: IdxFile) -> bytes:
    with unpacked(file.path) as stream:
        return hashlib.file_digest(stream, "sha256").digest()  # type: ignore[arg-type]


def _refuse_several(source: Path, stems: Sequence[str]) -> None:
    splits = "|".join(sorted(SPLITS, key=len, reverse=True))
    sets = sorted(
        {re.sub(rf"(?i)(?<![a-z0-9])({splits})(?![a-z0-9])", "", stem).strip("-._") for stem in stems}
    )
    if len(sets) > 1:
        beginnings = ", ".join(f"{source}/{name}" for name in sets[:3] if name)
        raise InputError(
            f"{one_line(str(source))} holds {len(sets)} datasets ({some(sets)}); name one by the beginning "
            f"of its files: {one_line(beginnings)}"
        )


def _labels(file: IdxFile) -> NDArray[np.int64]:
    [count] = file.shape
    with unpacked(file.path) as stream:
        stream.read(8)
        content = b"".join(chunks(stream, count, 1, f"{file.name}: label"))
        _refuse_more(stream, f"{file.name} holds more than the {count} labels that it names")
    return np.frombuffer(content, np.uint8).astype(np.int64)


def _pixels(file: IdxFile, *, transposed: bool) -> Iterator[NDArray[np.uint8]]:
    count, *shape = file.shape
    with unpacked(file.path) as stream:
        stream.read(4 * (1 + len(file.shape)))
        for content in chunks(stream, count, math.prod(shape), f"{file.name}: image"):
            images = np.frombuffer(content, np.uint8).reshape(-1, *grey(tuple(shape)))
            yield from images.swapaxes(1, 2) if transposed else images
        _refuse_more(stream, f"{file.name} holds more than the {count} images that it names")


def _refuse_more(stream: IO[bytes], message: str) -> None:
    if stream.read(1):
        raise InputError(message)


def _mapping(images: Path, classes: Sequence[str]) -> list[str] | None:
    """The classes as letters and digits, if a file beside says which; None where it has not one for each."""
    beginning = re.split(r"(?i)[-._]?(train|test|t10k)", images.name)[0]
    path = images.with_name(f"{beginning}-mapping.txt")
    if not path.is_file():
        return None
    with unpacked(path) as file:
        text = file.read(MAPPING).decode("ascii", "replace")
    pairs = dict(re.findall(r"(?m)^(\d{1,3})\s+(\d{1,3})\b", text))
    named = [character for name in classes if (character := chr(int(pairs.get(name, 0)))).isalnum()]
    return named if len(set(named)) == len(classes) else None
