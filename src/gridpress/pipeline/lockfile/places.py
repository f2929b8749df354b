"""Where dvc.lock and its copies lie."""

from __future__ import annotations

from pathlib import Path

from gridpress.study.project import Project


def lock(project: Project) -> Path:
    """The file itself."""
    return project.root / "dvc.lock"


def kept(project: Project) -> Path:
    """The copy that `keeper.keep` writes."""
    return project.scratch / "dvc.lock.good"


def at_begin(project: Project) -> Path:
    """dvc.lock as it was when DVC started its latest stage."""
    return project.scratch / "dvc.lock.begin"
