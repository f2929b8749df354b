"""Whether a file is the one that dvc.lock records."""

from __future__ import annotations

import hashlib
from pathlib import Path


def md5(content: bytes) -> str:
    """The hash of a file's content as DVC writes it to dvc.lock."""
    return hashlib.md5(content).hexdigest()  # noqa: S324  # as DVC


def is_recorded(path: Path, wanted: str) -> bool:
    """Whether a file is there with the recorded hash; a folder, whose hash ends with `.dir`, whether it is there.

    A file that cannot be read, or whose name no file can have, is not.
    """
    try:
        return (
            path.is_dir() if wanted.endswith(".dir") else path.is_file() and md5(path.read_bytes()) == wanted
        )
    except OSError:
        return False
