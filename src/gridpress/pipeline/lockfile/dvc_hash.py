"""Whether a file is the one that dvc.lock records; judged without DVC, whose import takes longer."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

COPY_OF_DVC = re.compile(r"\.[\w-]{22}\.tmp")  # not in place yet; as dvc_objects.fs.utils.tmp_fname names it


def md5(path: Path) -> str:
    """The hash of a file as DVC writes it to dvc.lock."""
    return hashlib.md5(path.read_bytes()).hexdigest()  # noqa: S324  # as DVC


def is_recorded(path: Path, wanted: str) -> bool:
    """Whether a file is there with the recorded hash; a folder, whose hash ends with `.dir`, whether it is there.

    A file that cannot be read, or whose name no file can have, is not.
    """
    try:
        return path.is_dir() if wanted.endswith(".dir") else path.is_file() and md5(path) == wanted
    except OSError:
        return False
