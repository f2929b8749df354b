"""What a command does because DVC started it as a stage: it ends with DVC, and leaves a copy of dvc.lock."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from gridpress.errors import GridpressError
from gridpress.files import write_bytes
from gridpress.pipeline.dvc import layout
from gridpress.pipeline.lockfile import places
from gridpress.pipeline.processes import parent
from gridpress.study.project import Project


def begin(root: Path) -> None:
    """Call first in a stage's process; does nothing in a process that DVC didn't start.

    DVC that is killed leaves its stage running, beside the one that the next `dvc repro` starts. And DVC
    rewrites dvc.lock in place when the stage is done: what is in it now must survive if that is cut off.

    Args:
        root: the study's folder.
    """
    name = layout.stage_name()
    if name is None:
        return
    if not parent.end_with_starter(layout.STAGE, name):
        sys.exit(f"gridpress: DVC, which started stage '{name}', is gone")
    _copy_lock(Project(root))


def _copy_lock(project: Project) -> None:
    lock = places.lock(project)
    if lock.is_file():
        with suppress(GridpressError):  # it is a precaution: the stage itself may do without scratch
            write_bytes(places.at_begin(project), lock.read_bytes())
