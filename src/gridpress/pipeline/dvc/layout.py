"""Where DVC keeps its own files, and how it tells a process which stage it is."""

from __future__ import annotations

import os
import re
from pathlib import Path

from gridpress.study.project import Project

STAGE = "DVC_STAGE"  # the variable that names the stage to the process that computes it
COPY = re.compile(
    r"\.[\w-]{22}\.tmp"
)  # of a file, not in place yet; as dvc_objects.fs.utils.tmp_fname names it


def stage_name() -> str | None:
    """The stage that DVC started this process for; None if it did not."""
    return os.environ.get(STAGE)


def config(project: Project) -> Path:
    """DVC's settings of a study."""
    return project.root / ".dvc" / "config"


def temporary(project: Project) -> Path:
    """DVC's folder of locks; missing where DVC was never at work."""
    return project.root / ".dvc" / "tmp"


def lock(project: Project) -> Path:
    """What every DVC process locks while it reads or writes dvc.lock."""
    return temporary(project) / "lock"


def rwlock(project: Project) -> Path:
    """DVC's list of the files that stages read and write at this moment."""
    return temporary(project) / "rwlock"
