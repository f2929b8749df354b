"""Calling DVC as a person does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gridpress.errors import GridpressError
from gridpress.project import Project
from gridpress.repro.lock import keep

POLL = 0.2  # seconds between two looks at DVC and its lock file


def dvc(project: Project, *arguments: str) -> None:
    """Call DVC in a study, with this environment's `gridpress` for its stages.

    Every state of dvc.lock that DVC leaves is kept. If this process ends, in whatever way, DVC and the stage
    that it runs end at once.

    Raises:
        GridpressError: DVC failed.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    watched, tether = os.pipe()
    command = [sys.executable, "-m", "gridpress.repro.tethered", str(watched), *arguments]
    process = subprocess.Popen(
        command, cwd=project.root, env={**os.environ, "PATH": path}, pass_fds=[watched]
    )
    try:
        os.close(watched)
        code = _follow(project, process)
    finally:
        os.close(tether)
        process.wait()
    if code != 0:
        raise GridpressError(
            f"`dvc {' '.join(arguments)}` did not succeed; the message above says why.\n"
            "What was finished is kept: the same command goes on from there."
        )


def _follow(project: Project, process: subprocess.Popen[bytes]) -> int:
    lock = project.root / "dvc.lock"
    kept = _version(lock)
    while True:
        try:
            code = process.wait(POLL)
        except subprocess.TimeoutExpired:
            code = None
        now = _version(lock)
        if now != kept and (code is None or code >= 0):  # one that was killed may have left half a file
            keep(project)
            kept = now
        if code is not None:
            return code


def _version(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_mtime_ns, state.st_size
