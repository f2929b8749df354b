"""Files that may be gzipped or lie in a zip archive, read without ever holding much of them."""

from __future__ import annotations

import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from gridpress.errors import InputError
from gridpress.messages import one_line

GZIPPED, ZIPPED = b"\x1f\x8b", b"PK\x03\x04"  # what such files begin with
CHUNK = 1 << 22  # bytes that are read at once, if an entry is no larger
BROKEN = (
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    RuntimeError,  # such as of an archive with a password
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)


@contextmanager
def unpacked(path: Path) -> Iterator[IO[bytes]]:
    """The content of a file, of a gzipped one, or of the only one in a zip archive.

    Raises:
        InputError: it cannot be read, also where that shows only while it is.
    """
    with readable(path), path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if start.startswith(GZIPPED):
            with gzip.GzipFile(fileobj=file) as content:
                yield cast(IO[bytes], content)
        elif start == ZIPPED:
            with zipfile.ZipFile(file) as archive:
                names = archive.namelist()
                if len(names) != 1:
                    raise ValueError(f"it holds {len(names)} files, where one is expected")
                with archive.open(names[0]) as content:
                    yield content
        else:
            yield file


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Says of what fails inside that this file cannot be read, and why; raises InputError."""
    try:
        yield
    except BROKEN as error:
        raise InputError(f"cannot read {one_line(str(path))}: {reason(error)}") from None


def reason(error: Exception) -> str:
    """Why something failed, in one line."""
    return one_line(getattr(error, "strerror", None) or str(error) or type(error).__name__)


def chunks(stream: IO[bytes], count: int, size: int, what: str) -> Iterator[bytes]:
    """The next entries of a stream, several at a time.

    Args:
        stream: of entries, one after the other.
        count: how many of them are read.
        size: of one, in bytes.
        what: what messages call them, such as `train-images: image`.

    Raises:
        InputError: there are fewer.
    """
    several = max(1, CHUNK // size)
    for begin in range(0, count, several):
        wanted = min(several, count - begin) * size
        content = stream.read(wanted)
        if len(content) < wanted:
            raise InputError(
                f"{what} {begin + len(content) // size + 1} of {count} is not whole: it ends before"
            )
        yield content
