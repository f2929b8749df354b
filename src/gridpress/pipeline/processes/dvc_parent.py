"""What a stage does because DVC started it: it ends when DVC does, and leaves a copy of dvc.lock."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import psutil

from gridpress.errors import GridpressError
from gridpress.study.project import Project

POLL = 0.3  # seconds between two looks whether DVC is still there


def begin(root: Path) -> None:
    """Call first in a stage's process; does nothing in a process that DVC didn't start.

    DVC that is killed leaves its stage running, beside the one that the next `dvc repro` starts. And DVC
    rewrites dvc.lock in place when the stage is done: what is in it now must survive if that is cut off.

    Args:
        root: the study's folder.
    """
    name = os.environ.get("DVC_STAGE")
    if name is None:
        return
    started = _started_by_dvc(name)
    if started is None:
        sys.exit(f"gridpress: DVC, which started stage '{name}', is gone")
    threading.Thread(target=_end_with_dvc, args=(started, started.ppid()), daemon=True).start()
    _copy_lock(Project(root))


def lock_at_begin(project: Project) -> Path:
    """dvc.lock as it was when DVC started its latest stage."""
    return project.scratch / "dvc.lock.begin"


def kill_descendants() -> None:
    """Kill every process below this one, at once."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _started_by_dvc(name: str) -> psutil.Process | None:
    """The child of DVC that this process is or descends from; None if DVC is gone already.

    Between DVC and its stage there may be a shell; DVC gives both an environment that names the stage. Orphans
    are adopted by a process outside of their process group.
    """
    here = psutil.Process()
    for parent in here.parents():
        if _stage_of(parent) != name:
            return here if _is_in_our_group(parent.pid) else None
        here = parent
    return None


def _stage_of(process: psutil.Process) -> str | None:
    try:
        stage: str | None = process.environ().get("DVC_STAGE")
    except psutil.Error:
        return None
    return stage


def _is_in_our_group(pid: int) -> bool:
    try:
        return os.getpgid(pid) == os.getpgrp()
    except OSError:
        return False


def _end_with_dvc(started: psutil.Process, dvc: int) -> NoReturn:
    with suppress(psutil.NoSuchProcess):
        while started.ppid() == dvc:
            time.sleep(POLL)
    kill_descendants()
    os._exit(1)


def _copy_lock(project: Project) -> None:
    from gridpress.study.records.store import write_bytes  # noqa: PLC0415

    lock = project.root / "dvc.lock"
    if lock.is_file():
        with suppress(GridpressError):  # it is a precaution: the stage itself may do without scratch
            write_bytes(lock_at_begin(project), lock.read_bytes())
