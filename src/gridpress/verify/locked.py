"""Whether results, code and parameters are those that dvc.lock records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gridpress.check.results import wanted
from gridpress.grid import run_names
from gridpress.params import Params
from gridpress.project import Project
from gridpress.recorded import is_recorded, md5
from gridpress.repro.lock import read_entries
from gridpress.verify.committed import shown
from gridpress.yaml_file import read_yaml


def faults(project: Project, params: Params) -> Iterator[str]:
    """One line for every result that is not what dvc.lock records, and for whatever changed since runs were computed.

    dvc.lock is read and nothing more.
    """
    lock = project.root / "dvc.lock"
    if not lock.is_file():
        yield "dvc.lock: missing; `gridpress check` says what brings it back"
        return
    entries = read_entries(lock.read_text(encoding="utf-8", errors="replace"))
    if entries is None:
        yield "dvc.lock: DVC could not read it; `gridpress check` says what brings it back"
        return
    recorded = {out["path"]: out.get("md5") for entry in entries.values() for out in entry.get("outs", [])}
    for path in [*(path for _, path in wanted(project, params)), project.summary]:
        name = shown(project, path)
        if not path.is_file():
            if name in recorded:
                yield f"{name}: missing, but dvc.lock records it; `git checkout {name}` brings it back"
        elif name not in recorded:
            yield f"{name}: dvc.lock does not record it; `gridpress repro` computes it under DVC"
        elif (found := md5(path)) != recorded[name]:
            yield f"{name}: not the file that dvc.lock records (MD5 {recorded[name]}, found {found})"
    values = read_yaml(project.params)
    changed = Counter(
        source
        for name in run_names(params)
        for source in _changed(project.root, values, entries.get(name, {}))
    )
    for source, runs in changed.items():
        yield f"{source}: changed since {runs} runs were computed; `gridpress repro` computes them again"


def _changed(root: Path, values: Any, entry: dict[str, Any]) -> Iterator[str]:
    """The modules and parameters of a run that are no longer what dvc.lock says it was computed with."""
    for dependency in entry.get("deps", []):
        path = root / dependency["path"]
        if path.suffix == ".py" and not is_recorded(path, dependency.get("md5") or ""):
            yield dependency["path"]
    for key, value in entry.get("params", {}).get("params.yaml", {}).items():
        found = values
        for part in key.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if found != value:
            yield f"params.yaml, {key}"
