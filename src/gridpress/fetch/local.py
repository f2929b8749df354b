"""A folder that the user names, whatever the files in it are called: they are known by their content."""

from __future__ import annotations

import gzip
import io
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gridpress.data.loading import Pin
from gridpress.fetch.source import GZIP_MAGIC, LOOSENESS, Files, Order, SourceError, accept, digest

DEPTH = 4  # folders below the named one that are looked into
MOST_FILES = 20_000  # that are looked at: beyond, it is no folder of a dataset
MOST_ZIPPED = 200  # gzipped files that are opened
NAMED = 3  # files whose faults are told
BROKEN = (OSError, EOFError, zlib.error, SourceError)


@dataclass(frozen=True)
class LocalFolder:
    """The files of a dataset somewhere in `folder`, plain or gzipped.

    Such as torchvision's root (`MNIST/raw/…`), Keras's and Zalando's `fashion-mnist/`, or a folder per
    dataset. Of files with the same content the first is taken, where the path speaks of the dataset before
    others.
    """

    folder: Path
    dataset_title: str

    @property
    def title(self) -> str:
        return f"folder {self.folder}"

    def deliver(self, order: Order) -> Files:
        if not self.folder.is_dir():
            raise SourceError("no such folder")
        left = dict(order.pins)
        paths = sorted(_files(self.folder), key=self._rank)
        for path in _possible(paths, left):
            content = _content(path, max(pin.size for pin in left.values()))
            name = next((name for name, pin in left.items() if _is(content, pin)), None)
            if content is not None and name is not None:
                del left[name]
                yield name, io.BufferedReader(io.BytesIO(content))
            if not left:
                return
        faults = [fault for path in paths for fault in _faults(path, self.folder, left)]
        raise SourceError("; ".join([*faults[:NAMED], f"lacks {', '.join(left)}"]))

    def _rank(self, path: Path) -> tuple[bool, str]:
        words = path.relative_to(self.folder).as_posix().lower()
        squeezed = re.sub(r"[^a-z0-9/]", "", words)
        named = re.sub(r"[^a-z0-9]", "", self.dataset_title.lower())
        return not any(part == named for part in squeezed.split("/")), words


def _files(folder: Path) -> Iterator[Path]:
    """Every file not too far below a folder, without following links to folders.

    Raises:
        SourceError: there are too many.
    """
    found = 0
    for place, folders, names in os.walk(folder):
        if len(Path(place).relative_to(folder).parts) >= DEPTH:
            folders.clear()
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            found += 1
            if found > MOST_FILES:
                raise SourceError(
                    f"holds more than {MOST_FILES} files; name the folder of the dataset itself"
                )
            path = Path(place, name)
            if path.is_file():  # no pipe, which would be waited for
                yield path


def _possible(paths: list[Path], pins: Mapping[str, Pin]) -> Iterator[Path]:
    """The files that may be pinned ones, by their size or as they are gzipped."""
    sizes = {pin.size for pin in pins.values()}
    zipped = 0
    for path in paths:
        try:
            size = path.stat().st_size
            if size in sizes:
                yield path
            elif size <= max(sizes) + LOOSENESS and _begins_zipped(path) and zipped < MOST_ZIPPED:
                zipped += 1
                yield path
        except OSError:  # nobody may read it
            continue


def _begins_zipped(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(GZIP_MAGIC)) == GZIP_MAGIC


def _content(path: Path, most: int) -> bytes | None:
    """What a file holds, unzipped where it is gzipped, if that is no more than `most` bytes."""
    try:
        with gzip.open(path) if _begins_zipped(path) else path.open("rb") as file:
            content = file.read(most + 1)
    except BROKEN:
        return None
    return content if len(content) <= most else None


def _is(content: bytes | None, pin: Pin) -> bool:
    return content is not None and len(content) == pin.size and digest(content) == pin.sha256


def _faults(path: Path, folder: Path, left: Mapping[str, Pin]) -> Iterator[str]:
    """What is wrong with a file that is named as one that was not found."""
    name = path.name.removesuffix(".gz").replace(".", "-")
    if name in left:
        try:
            with path.open("rb") as file:
                accept(file, name, left[name])
        except BROKEN as error:
            yield f"{path.relative_to(folder).as_posix()}: {str(error).removeprefix(f'{name}: ')}"
