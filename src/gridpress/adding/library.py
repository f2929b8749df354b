"""A dataset of a library as a collection."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gridpress.adding.collection import Collection, Part
from gridpress.errors import GridpressError, InputError
from gridpress.fetch import library
from gridpress.fetch.source import SourceError
from gridpress.messages import nearest, one_line


def is_one(source: str) -> bool:
    """Whether this names a library: `sklearn:…` or `torchvision:…`."""
    return source.startswith(("sklearn:", "torchvision:"))


def read(source: str) -> Collection:
    """A dataset of scikit-learn or torchvision.

    Raises:
        InputError: it is not one of those that are known.
        GridpressError: it cannot be downloaded; says what else can be done.
    """
    if source not in library.NAMES:
        raise InputError(
            f"SOURCE is {one_line(repr(source))}; of libraries there are {', '.join(library.NAMES)}."
            f"{nearest(source, library.NAMES)}"
        )
    try:
        with tempfile.TemporaryDirectory() as work:
            found = library.load(source, Path(work))
    except SourceError as error:
        raise GridpressError(
            f"torchvision could not download {source.partition(':')[2]} ({one_line(str(error))}); get its "
            "files otherwise and name them as SOURCE, such as a folder of class folders"
        ) from None
    parts = [
        Part(
            part.split,
            part.labels,
            [f"{part.split or 'image'} number {at}" for at in range(len(part.labels))],
            part.images.__iter__,
        )
        for part in found.parts
    ]
    height, width, *colours = found.parts[0].images.shape[1:]
    return Collection(found.classes, (colours[0] if colours else 1, height, width), parts, source)
