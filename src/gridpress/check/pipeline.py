"""What DVC would stop at or forget: its settings, dvc.lock, and locks that nobody holds any more.

dvc.lock is judged here without importing DVC, which would take longer than the whole check;
`gridpress.repro.lock` restores what is found wrong.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import psutil
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gridpress.check.finding import Finding
from gridpress.check.git import Repository
from gridpress.errors import InputError
from gridpress.grid import stage_names
from gridpress.params import Params
from gridpress.project import Project
from gridpress.recorded import is_recorded
from gridpress.under_dvc import lock_at_begin
from gridpress.yaml_file import read_yaml


class Output(BaseModel):
    """A file of a stage."""

    path: str
    md5: str | None = None


class Stage(BaseModel):
    """An entry of dvc.lock, as DVC's schema has it."""

    model_config = ConfigDict(extra="forbid")

    cmd: str | list[str]
    deps: list[Output] = Field(default_factory=list)
    params: dict[str, dict[str, Any]] = Field(default_factory=dict)
    outs: list[Output] = Field(default_factory=list)


class Lock(BaseModel):
    """All of dvc.lock."""

    model_config = ConfigDict(extra="forbid")

    schema_version: Literal["2.0"] = Field(alias="schema")
    stages: dict[str, Stage] = Field(default_factory=dict)


def busy(project: Project) -> bool:
    """Whether `gridpress repro` or DVC is at work in the study."""
    return any(map(_is_held, (project.scratch / "repro.lock", project.root / ".dvc" / "tmp" / "lock")))


def state(project: Project, params: Params, repository: Repository, *, busy: bool) -> Finding:
    """The first of all that is wrong in a few words, everything in the faults."""
    if busy:
        return Finding("DVC", "at work now")
    found = dict([*_settings(project), *_lock(project, params, repository), *_rwlock(project)])
    if found:
        return Finding("DVC", ", ".join(found), list(found.values()))
    there = (project.root / "dvc.lock").is_file()
    return Finding("DVC", "dvc.lock is whole" if there else "nothing recorded yet")


def _settings(project: Project) -> Iterator[tuple[str, str]]:
    if not (project.root / ".dvc" / "config").is_file():
        yield "no .dvc/config", ".dvc/config is missing: `git checkout -- .dvc` restores it"


def _lock(project: Project, params: Params, repository: Repository) -> Iterator[tuple[str, str]]:
    path, kept, begun = project.root / "dvc.lock", project.scratch / "dvc.lock.good", lock_at_begin(project)
    tracked = "`git checkout -- dvc.lock` restores the committed one"
    if not path.is_file():
        if "dvc.lock" in repository.deleted:
            yield (
                "dvc.lock is missing",
                f"dvc.lock is missing, so everything would be computed again: {tracked}",
            )
        elif kept.is_file():
            copy = kept.relative_to(project.root)
            yield (
                "dvc.lock is missing",
                f"dvc.lock is missing, so everything would be computed again: `cp {copy} dvc.lock`",
            )
        return
    copies = [copy for copy in (kept, begun) if copy.is_file() and copy.read_bytes() != path.read_bytes()]
    if kept.is_file() and not copies:
        return
    stages = _stages(path)
    if stages is None:
        helps = "`gridpress repro` restores it" if copies else tracked
        yield "dvc.lock is broken", f"dvc.lock is cut off or broken, so DVC would stop at it: {helps}"
        return
    lost = sorted({name for copy in copies for name in _lost(project, params, stages, _stages(copy) or {})})
    if lost:
        yield (
            "dvc.lock is shortened",
            f"dvc.lock has lost {len(lost)} finished stages, such as {lost[0]}: `gridpress repro` restores it",
        )


def _lost(
    project: Project, params: Params, now: Mapping[str, Stage], then: Mapping[str, Stage]
) -> Iterator[str]:
    """The stages of `then` whose results are still what it says, while `now` does not know them."""
    for name in set(stage_names(params)) & then.keys():
        known = now.get(name)
        known_whole = known and len(known.outs) >= len(then[name].outs) and _in_place(project, known)
        if not known_whole and _in_place(project, then[name]):
            yield name


def _stages(path: Path) -> Mapping[str, Stage] | None:
    """The entries of a dvc.lock, or None where DVC would refuse it or its last line is cut."""
    try:
        if not path.read_bytes().endswith(b"\n"):
            return None
        return Lock.model_validate(read_yaml(path)).stages
    except (InputError, ValidationError):
        return None


def _in_place(project: Project, stage: Stage) -> bool:
    return bool(stage.outs) and all(is_recorded(project.root / out.path, out.md5 or "") for out in stage.outs)


def _rwlock(project: Project) -> Iterator[tuple[str, str]]:
    """DVC's list of files in use: it stops at a cut one, and at one that names a process number used again."""
    path = project.root / ".dvc" / "tmp" / "rwlock"
    if not path.is_file():
        return
    helps = f"`rm {path.relative_to(project.root)}`"
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        owners = [held.get("write", {}).values(), *held.get("read", {}).values()]
        numbers = {int(owner["pid"]) for group in owners for owner in group}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        yield "a broken lock", f"DVC's list of files in use is cut off or broken: {helps}"
        return
    left = path.stat().st_mtime
    if any(_began_after(number, left) for number in numbers):
        yield (
            "an orphaned lock",
            f"DVC was killed and its list of files in use names another process now: {helps}",
        )


def _began_after(number: int, moment: float) -> bool:
    try:
        return bool(psutil.Process(number).create_time() > moment)
    except (psutil.Error, ValueError, OverflowError):
        return False


def _is_held(lock: Path) -> bool:
    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
