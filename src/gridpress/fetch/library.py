"""Datasets that a library of the environment ships with (scikit-learn) or downloads (torchvision)."""

from __future__ import annotations

import io
import os
import socket
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gridpress.data import idx
from gridpress.fetch.source import Files, Order, SourceError

SILENCE = 15.0  # seconds that a host may take to answer
BRIGHTEST = 16  # of the pixels of scikit-learn's digits
DIGITS = "sklearn:digits"
DOWNLOADED = ("KMNIST", "CIFAR10", "CIFAR100", "USPS")  # of torchvision, which holds each to an MD5 sum
BROKEN = (OSError, EOFError, ValueError, RuntimeError, zlib.error, tarfile.TarError, HTTPException)
NAMES = (DIGITS, *(f"torchvision:{name}" for name in DOWNLOADED))


class LibraryPart(NamedTuple):
    """`images` is uint8 [N, H, W] or [N, H, W, 3], `labels` int64 [N]; split None where there is one part."""

    split: Literal["train", "test"] | None
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


class LibraryDataset(NamedTuple):
    """The names of the classes, by label, and the parts."""

    classes: list[str]
    parts: list[LibraryPart]


def file_names(split: str | None) -> tuple[str, str]:
    """How the files of images and labels of a part are called."""
    return f"{split or 'all'}-images.idx", f"{split or 'all'}-labels.idx"


def load(name: str, work: Path) -> LibraryDataset:
    """A dataset of a library.

    Args:
        name: one of `NAMES`.
        work: a folder for what is downloaded.

    Raises:
        SourceError: it is none of them, or cannot be downloaded.
    """
    if name not in NAMES:
        raise SourceError(f"{name} is none of {', '.join(NAMES)}")
    if name == DIGITS:
        return _digits()
    from torchvision import datasets  # noqa: PLC0415  # imported where it is used: it takes seconds

    kind = getattr(datasets, name.partition(":")[2])
    with _quietly():
        try:
            found = [kind(work, train=train, download=True) for train in (True, False)]
        except BROKEN as error:
            raise SourceError(str(error) or type(error).__name__) from None
    train, test = ((np.asarray(part.data), np.asarray(part.targets, np.int64)) for part in found)
    classes = getattr(found[0], "classes", None) or [str(label) for label in np.unique(train[1]).tolist()]
    return LibraryDataset(
        [name.partition(" - ")[2] or name for name in classes],
        [LibraryPart("train", *train), LibraryPart("test", *test)],
    )


@dataclass(frozen=True)
class Library:
    """The files of a dataset, written anew from what a library gives."""

    name: str

    @property
    def title(self) -> str:
        return f"library {self.name}"

    def deliver(self, order: Order) -> Files:
        for part in load(self.name, order.work).parts:
            arrays = (part.images, part.labels.astype(np.uint8))
            for name, values in zip(file_names(part.split), arrays, strict=True):
                if name in order.pins:
                    yield name, io.BufferedReader(io.BytesIO(idx.header(values.shape) + values.tobytes()))


def _digits() -> LibraryDataset:
    from sklearn.datasets import load_digits  # noqa: PLC0415  # as above

    found: Any = load_digits()
    grey = np.round(found.images * (255 / BRIGHTEST)).astype(np.uint8)
    classes = [str(label) for label in found.target_names.tolist()]
    return LibraryDataset(classes, [LibraryPart(None, grey, found.target.astype(np.int64))])


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the progress bars of others, and without waiting for hosts that say nothing."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SILENCE)
    try:
        with (
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            redirect_stdout(nowhere),
            redirect_stderr(nowhere),
        ):
            yield
    finally:
        socket.setdefaulttimeout(before)
