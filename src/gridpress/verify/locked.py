"""Whether results, code and parameters are those that dvc.lock records."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gridpress.params import Params, read_yaml
from gridpress.project import Project
from gridpress.repro.lock import read_entries
from gridpress.verify.committed import names, shown


def faults(project: Project, params: Params) -> Iterator[str]:
    """One line for every result that is not what dvc.lock records, and for whatever changed since runs were computed.

    dvc.lock is read and nothing more.
    """
    lock = project.root / "dvc.lock"
    if not lock.is_file():
        yield "dvc.lock: missing; `git checkout dvc.lock` brings it back"
        return
    entries = read_entries(lock.read_text(encoding="utf-8", errors="replace"))
    if entries is None:
        yield "dvc.lock: DVC could not read it; `git checkout dvc.lock` brings it back"
        return
    recorded = {out["path"]: out.get("md5") for entry in entries.values() for out in entry.get("outs", [])}
    for path in _results(project, params):
        name = shown(project, path)
        if not path.is_file():
            if name in recorded:
                yield f"{name}: missing, but dvc.lock records it; `git checkout {name}` brings it back"
        elif name not in recorded:
            yield f"{name}: dvc.lock does not record it; `gridpress repro` computes it under DVC"
        elif (md5 := _md5(path)) != recorded[name]:
            yield f"{name}: not the file that dvc.lock records (MD5 {recorded[name]}, found {md5})"
    values = read_yaml(project.params)
    changed = Counter(
        source for name in names(params) for source in _changed(project.root, values, entries.get(name, {}))
    )
    for source, runs in changed.items():
        yield f"{source}: changed since {runs} runs were computed; `gridpress repro` computes them again"


def _changed(root: Path, values: Any, entry: dict[str, Any]) -> Iterator[str]:
    """The modules and parameters of a run that are no longer what dvc.lock says it was computed with."""
    for dependency in entry.get("deps", []):
        path = root / dependency["path"]
        if path.suffix == ".py" and (not path.is_file() or _md5(path) != dependency.get("md5")):
            yield dependency["path"]
    for key, value in entry.get("params", {}).get("params.yaml", {}).items():
        found = values
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if found != value:
            yield f"params.yaml, {key}"


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes()).hexdigest()  # noqa: S324  # as DVC


def _results(project: Project, params: Params) -> Iterator[Path]:
    for dataset in params.datasets:
        yield project.record("data", dataset)
    for kind, key in names(params).values():
        yield project.record(kind, key)
        yield project.timing(kind, key)
    for machine in params.hardware.machines:
        yield project.record("hardware", machine)
    yield project.images
    yield project.summary
