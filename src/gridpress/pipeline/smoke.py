"""The whole study at toy size, in a copy of the working tree."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from gridpress.errors import GridpressError
from gridpress.pipeline.lockfile import places
from gridpress.pipeline.repro.engine import repro
from gridpress.study import profiles
from gridpress.study.project import Project


def smoke(project: Project, profile: str = "smoke") -> list[Path]:
    """Compute everything of a profile from nothing; the working tree stays as it is.

    Args:
        project: the study to copy, as it is now.
        profile: the variant of params.yaml to compute.

    Returns:
        The rendered files, below `scratch/`.
    """
    copy = Project(project.scratch / profile)
    copy_without_results(project, copy)
    profiles.apply(copy, profile)
    if project.raw("").is_dir():
        os.environ.setdefault("GRIDPRESS_DATA", str(project.raw("")))  # what is here need not be fetched
    return repro(copy)


def copy_without_results(project: Project, copy: Project) -> None:
    """As `copy_tree`, with nothing computed; raises as it does."""
    copy_tree(project, copy)
    shutil.rmtree(copy.metrics, ignore_errors=True)
    places.lock(copy).unlink(missing_ok=True)


def copy_tree(project: Project, copy: Project) -> None:
    """Copy what git tracks or would track to a folder that is a repository of its own.

    Raises:
        GridpressError: `project` is no git repository, or the folder cannot be written.
    """
    listed = _git(project, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    shutil.rmtree(copy.root, ignore_errors=True)
    try:
        copy.root.mkdir(parents=True)
        for name in filter(None, listed.split("\0")):
            source, target = project.root / name, copy.root / name
            if source.is_file():  # a deleted file is still listed
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
    except OSError as error:
        raise GridpressError(f"cannot copy the study to {copy.root}: {error.strerror}") from None
    _git(copy, "init", "--quiet")


def _git(project: Project, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=project.root, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise GridpressError(f"`git {arguments[0]}` in {project.root}: {done.stderr.strip()}")
    return done.stdout
