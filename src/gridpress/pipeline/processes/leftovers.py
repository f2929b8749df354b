"""What processes leave behind when they are killed, and what the next one would stumble over."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from dvc.lock import LockError, make_lock
from dvc.rwlock import SCHEMA
from voluptuous import Invalid

from gridpress.pipeline.lockfile.dvc_hash import COPY_OF_DVC
from gridpress.study.project import Project
from gridpress.study.records.store import write_text


def clear(project: Project) -> None:
    """Delete half-written files, and release what DVC holds for processes that are gone."""
    _discard_partial(project)
    folder = project.root / ".dvc" / "tmp"
    if not folder.is_dir():  # DVC was never at work here
        return
    with (
        suppress(LockError),
        make_lock(str(folder / "lock")),
    ):  # else another DVC may be at it this very moment
        _discard_copies(project)
    path = folder / "rwlock"
    if path.is_file():
        with suppress(LockError), make_lock(f"{path}.lock"):
            _release(path)


def _discard_partial(project: Project) -> None:
    """Delete the temporary files of `records.write_bytes` whose processes are gone."""
    scratch = project.scratch
    places = [project.metrics, project.report, scratch / "finished", scratch / "checkpoints"]
    found = [path for place in places for path in place.rglob(".*.partial")]
    for path in (*found, *scratch.glob(".*.partial")):
        process = path.name.split(".")[-2]
        if process.isdigit() and not psutil.pid_exists(int(process)):
            path.unlink(missing_ok=True)


def _discard_copies(project: Project) -> None:
    """Delete the files that DVC, cut off, has not put into place: among data, nobody could tell what they are."""
    for path in project.raw("").glob("*/.*.tmp"):
        if COPY_OF_DVC.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _release(path: Path) -> None:
    """Remove from DVC's list of locked files what stops it for good.

    DVC itself forgets processes whose number is free. It stops where the number is another process's by now, as
    after a restart of the machine, where the dead process was never waited for, as in a container without an
    init process, and where the list itself was cut off.
    """
    try:
        held = SCHEMA(json.loads(path.read_text(encoding="utf-8", errors="replace")))
    except (ValueError, Invalid):
        path.unlink()
        return
    written = path.stat().st_mtime
    writers = {name: by for name, by in held.get("write", {}).items() if _lives(by, written)}
    readers = {
        name: [by for by in all_ if _lives(by, written)] for name, all_ in held.get("read", {}).items()
    }
    living = {"write": writers, "read": {name: all_ for name, all_ in readers.items() if all_}}
    if living != {"write": {}, "read": {}, **held}:
        write_text(path, json.dumps(living))


def _lives(entry: dict[str, Any], written: float) -> bool:
    try:
        process = psutil.Process(entry["pid"])
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.create_time() < written + 1)
    except psutil.NoSuchProcess:
        return False
