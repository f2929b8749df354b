"""Writing a collection as the files that every stage reads, and what is found on the way."""

from __future__ import annotations

import hashlib
import math
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from gridpress.adding.collection import Collection, Part
from gridpress.data import idx
from gridpress.data.loading import BYTE_CLASSES, Pin
from gridpress.errors import GridpressError, InputError
from gridpress.fetch.duplicates import digest, duplicates
from gridpress.fetch.library import file_names
from gridpress.messages import one_line
from gridpress.progress import Advance


@dataclass(frozen=True)
class Stored:
    """What was written.

    Attributes:
        pins: of the files, by their names.
        twins: names of images that are the same to the pixel, set by set.
        apart: of those sets that have images of more than one part, the first name in each.
    """

    pins: dict[str, Pin]
    twins: list[list[str]]
    apart: list[list[str]]


def store(collection: Collection, folder: Path, advance: Advance) -> Stored:
    """Write images and labels of every part as IDX files, in one pass and with little memory.

    Args:
        collection: what is stored.
        folder: an empty one.
        advance: told each image.

    Raises:
        InputError: an image cannot be read.
        GridpressError: a file cannot be written, or the disk has too little room.
    """
    pins: dict[str, Pin] = {}
    digests: list[bytes] = []
    kind, dtype = (idx.UNSIGNED_BYTE, "u1") if len(collection.classes) <= BYTE_CLASSES else (idx.SHORT, ">i2")
    channels, height, width = collection.shape
    stored = (height, width) if channels == 1 else (height, width, channels)
    size = collection.images * math.prod(stored)
    try:
        if size > (free := shutil.disk_usage(folder).free):
            raise GridpressError(
                f"the pixels take {size / 1e9:.1f} GB, and the disk has {free / 1e9:.1f} GB free"
            )
        for part in collection.parts:
            number = len(part.labels)
            images = chain([idx.header((number, *stored))], _noted(part, stored, digests, advance))
            labels = [idx.header((number,), kind), part.labels.astype(dtype).tobytes()]
            for name, pieces in zip(file_names(part.split), (images, labels), strict=True):
                pins[name] = _write(folder / name, pieces)
    except OSError as error:
        raise GridpressError(f"cannot write {folder}: {error.strerror}") from None
    names = [(part.name, name) for part in collection.parts for name in part.names]
    twins = [[names[index] for index in indices] for indices in duplicates(digests)]
    firsts = [list(dict(reversed(found)).values())[::-1] for found in twins]  # a name of each part
    return Stored(
        pins, [[name for _, name in found] for found in twins], [names for names in firsts if len(names) > 1]
    )


def _noted(part: Part, shape: Sequence[int], digests: list[bytes], advance: Advance) -> Iterator[bytes]:
    """The bytes of each image, whose digest is noted."""
    for name, pixels in zip(part.names, part.pixels(), strict=True):
        if pixels.shape != tuple(shape):
            raise InputError(f"{one_line(name)}: {list(pixels.shape)} where {list(shape)} is expected")
        digests.append(digest(pixels))
        yield pixels.tobytes()
        advance()


def _write(path: Path, pieces: Iterable[bytes]) -> Pin:
    """Write them one after the other; what the file is then."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        for piece in pieces:
            digest.update(piece)
            size += file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return Pin(digest.hexdigest(), size)
