"""Where interrupted training runs wait, and when they may go."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from gridpress.files import write_bytes
from gridpress.pipeline.lockfile import judge, places
from gridpress.pipeline.lockfile.entries import load
from gridpress.study.project import Project

DIGEST = hashlib.sha256().digest_size


def checkpoint_path(project: Project, name: str, inputs: dict[str, Any], code: list[Path]) -> Path:
    """The file of one run under exactly these inputs: another parameter or line of code, another file.

    Args:
        project: the study.
        name: of the run, as DVC names it.
        inputs: everything else that decides the result, as JSON values.
        code: the modules that compute it.
    """
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode())
    for module in code:
        digest.update(module.read_bytes())
    return _folder(project) / name / f"{digest.hexdigest()[:32]}.pt"


def write(path: Path, state: bytes) -> None:
    """Keep the state of a run, with what shows later that it is whole."""
    write_bytes(path, hashlib.sha256(state).digest() + state)


def read(path: Path) -> bytes | None:
    """The state that `write` kept; None where there is none, or where the disk did not keep it."""
    if not path.is_file():
        return None
    content = path.read_bytes()
    state = content[DIGEST:]
    return state if hashlib.sha256(state).digest() == content[:DIGEST] else None


def discard_recorded(project: Project) -> None:
    """Delete the checkpoints of every run whose present files are those that dvc.lock records."""
    waiting = {folder.name: folder for folder in sorted(_folder(project).glob("*"))}
    entries = (load(places.lock(project)) or {}) if waiting else {}
    for name in judge.true_ones(project.root, {name: entries[name] for name in waiting if name in entries}):
        shutil.rmtree(waiting[name])


def discard(project: Project, name: str) -> None:
    """Delete the checkpoints of a run, by its name."""
    shutil.rmtree(_folder(project) / name, ignore_errors=True)


def _folder(project: Project) -> Path:
    return project.scratch / "checkpoints"
