"""Bring a study up to date with DVC, and say where its report lies."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gridpress.errors import GridpressError
from gridpress.params import load_params
from gridpress.project import Project


def repro(project: Project, *, force: bool = False) -> list[Path]:
    """Run every stage whose result is missing or out of date.

    Args:
        project: the study.
        force: compute everything again.

    Returns:
        The rendered files.

    Raises:
        InputError: params.yaml is not valid; found before DVC sees it.
        GridpressError: a stage failed; what it said stands above.
    """
    load_params(project.params)
    if not all(path.is_file() for path in project.rendered):
        project.manifest.unlink(missing_ok=True)  # so that DVC renders again
    dvc(project, "repro", *(["--force"] if force else []))
    return project.rendered


def dvc(project: Project, *arguments: str) -> None:
    """Call DVC in a study, with this environment's `gridpress` for its stages.

    Raises:
        GridpressError: DVC failed.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    command = [sys.executable, "-m", "dvc", *arguments]
    done = subprocess.run(command, cwd=project.root, env={**os.environ, "PATH": path}, check=False)
    if done.returncode != 0:
        raise GridpressError(
            f"`dvc {' '.join(arguments)}` did not succeed; the message above says why.\n"
            "What was finished is kept: the same command goes on from there."
        )
