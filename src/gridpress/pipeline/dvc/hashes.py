"""Whether a file or folder is the one that dvc.lock records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

LARGEST = 10_000_000  # bytes of a folder that is read: one of data is only looked for, and read by DVC itself
# of what .dvcignore names, what lies in folders of code: what Python, systems and editors leave there
IGNORED = (
    "__pycache__",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
    ".ipynb_checkpoints",
    "*~",
    "*.sw[op]",
    "*.orig",
    "*.rej",
)


def md5(content: bytes) -> str:
    """The hash of a file's content as DVC writes it to dvc.lock."""
    return hashlib.md5(content).hexdigest()  # noqa: S324  # as DVC


def folder_md5(path: Path, *, unix: bool = False) -> str | None:
    """The hash of a folder as DVC writes it to dvc.lock; None of one that is too large to be read.

    Args:
        path: the folder.
        unix: of its files with the line ends of Unix.
    """
    files = [file for file in path.rglob("*") if file.is_file() and not _is_ignored(file, path)]
    if sum(file.stat().st_size for file in files) > LARGEST:
        return None
    contents = {file.relative_to(path).as_posix(): file.read_bytes() for file in files}
    if unix:
        contents = {name: content.replace(b"\r\n", b"\n") for name, content in contents.items()}
    return md5_of_files(contents)


def md5_of_files(contents: Mapping[str, bytes]) -> str:
    """The hash of a folder as DVC writes it to dvc.lock, by the files in it, each by its path below it."""
    entries = [{"md5": md5(content), "relpath": name} for name, content in sorted(contents.items())]
    return f"{md5(json.dumps(entries, sort_keys=True).encode())}.dir"


def _is_ignored(file: Path, folder: Path) -> bool:
    parts = file.relative_to(folder).parts
    return any(fnmatchcase(part, pattern) for part in parts for pattern in IGNORED)


def is_recorded(path: Path, wanted: str) -> bool:
    """Whether a file or folder is there with the recorded hash; of a large folder, whether it is there.

    What cannot be read, or has a name that no file can have, is not.
    """
    try:
        if wanted.endswith(".dir"):
            return path.is_dir() and folder_md5(path) in (wanted, None)
        return path.is_file() and md5(path.read_bytes()) == wanted
    except OSError:
        return False


def is_converted(path: Path, wanted: str) -> bool:
    """Whether a file or folder would be the recorded one with the line ends of Unix."""
    try:
        if path.is_dir():
            return folder_md5(path) != wanted == folder_md5(path, unix=True)
        content = path.read_bytes()
    except OSError:
        return False
    return b"\r\n" in content and md5(content.replace(b"\r\n", b"\n")) == wanted
