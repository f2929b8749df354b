"""What a source is, and how a file of it is let in."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gridpress.data.loading import Pin
from gridpress.errors import GridpressError

GZIP_MAGIC = b"\x1f\x8b"
LOOSENESS = 1 << 16  # bytes by which gzip may enlarge a file


class SourceError(GridpressError):
    """A source does not deliver; the message is the reason."""


@dataclass(frozen=True)
class Order:
    """What is wanted from a source.

    Attributes:
        pins: the wanted files.
        work: an empty folder for whatever the source has to write.
        report: to be told which share of a file has arrived, where that takes time.
    """

    pins: Mapping[str, Pin]
    work: Path
    report: Callable[[str, float], None]


Files = Generator[tuple[str, io.BufferedReader], None, None]


class Source(Protocol):
    """A place that may have the files."""

    @property
    def title(self) -> str:
        """What messages call it."""

    def deliver(self, order: Order) -> Files:
        """The wanted files that it has, plain or gzipped, unverified; each is read before the next one.

        Raises:
            SourceError: or one of the errors that reading broken data raises (`obtain.BROKEN`).
        """


def digest(content: bytes) -> str:
    """The hash that files are pinned by."""
    return hashlib.sha256(content).hexdigest()


def accept(stream: io.BufferedReader, name: str, pin: Pin) -> bytes:
    """The decompressed content of a stream, if it is exactly the pinned file.

    Never holds more than the pinned size, whatever a compressed stream expands to.

    Raises:
        SourceError: it is another file; says what was expected and found.
        EOFError, OSError, zlib.error: it is gzipped, and broken.
    """
    start = stream.peek(64)[:64]
    if start.lstrip().startswith(b"<"):
        raise SourceError(f"{name} is an HTML page, not data")
    if start.startswith(GZIP_MAGIC):
        with gzip.GzipFile(fileobj=stream) as unpacked:
            content = unpacked.read(pin.size + 1)
    else:
        content = stream.read(pin.size + 1)
    if len(content) > pin.size:
        raise SourceError(f"{name} is larger than the {pin.size} bytes expected")
    if len(content) < pin.size:
        raise SourceError(f"{name} ends after {len(content)} of {pin.size} bytes")
    found = digest(content)
    if found != pin.sha256:
        raise SourceError(f"{name}: SHA-256 expected {pin.sha256}, found {found}")
    return content
