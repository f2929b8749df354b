"""Calling DVC as a person does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from gridpress.errors import GridpressError
from gridpress.pipeline.lockfile.keeper import keep
from gridpress.pipeline.processes import child
from gridpress.study.project import Project


def dvc(project: Project, *arguments: str) -> None:
    """Call DVC in a study, with this environment's `gridpress` for its stages.

    If this process ends, in whatever way, DVC and the stage that it runs end at once.

    Raises:
        GridpressError: DVC failed.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    code = child.call("dvc", arguments, project.root, {**os.environ, "PATH": path})
    if code >= 0:  # one that was killed may have left half a dvc.lock
        keep(project)
    if code != 0:
        raise GridpressError(
            f"`dvc {' '.join(arguments)}` did not succeed; the message above says why.\n"
            "What was finished is kept: the same command goes on from there."
        )
