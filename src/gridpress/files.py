"""Files written whole or not at all, and locks that the operating system releases when a process ends."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from gridpress.errors import GridpressError


def write_bytes(path: Path, content: bytes, partial: Path | None = None) -> None:
    """Write a file whole or not at all: temporary file, fsync, rename.

    Args:
        path: the file; its folder is made.
        content: all of it.
        partial: the temporary file, on the same file system; by default beside the file.

    Raises:
        GridpressError: the file cannot be written; names path and reason.
    """
    partial = partial or path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise GridpressError(f"cannot write {path}: {error.strerror}") from None


def write_text(path: Path, text: str) -> None:
    """Write UTF-8; raises GridpressError as `write_bytes` does."""
    write_bytes(path, text.encode())


def write_result(path: Path, text: str) -> None:
    """Write what a stage is run for.

    Raises:
        GridpressError: as `write_bytes`; says whether an earlier result is there still.
    """
    try:
        write_text(path, text)
    except GridpressError as error:
        state = (
            "the earlier one is as it was"
            if os.path.exists(path)  # noqa: PTH110  # Path.exists raises where a folder may not be entered
            else "it is missing now"
        )
        raise GridpressError(f"{error}.\n{state.capitalize()}; `gridpress repro` makes it.") from None


def sha256_of(path: Path) -> str:
    """Of a file's content, in hexadecimal digits; OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def discard_partial(path: Path) -> None:
    """Delete a temporary file of `write_bytes` if the process that wrote it is gone."""
    process = path.name.split(".")[-2]
    if process.isdigit() and not psutil.pid_exists(int(process)):
        path.unlink(missing_ok=True)


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Hold the lock of this name, made where there is none; False where another process holds it.

    Raises:
        OSError: the file cannot be made, or its file system has no locks.
    """
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def held_elsewhere(path: Path) -> Iterator[bool]:
    """Whether another process holds the lock of this name; none takes it meanwhile.

    False also where there is no such file, or where its file system has no locks.
    """
    try:
        file = path.open("rb")
    except OSError:
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            yield True
        except OSError:
            yield False
        else:
            yield False
