"""The runs of a study as they lie in its folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.families.registry import AnyFamily, runs_by_stage_name
from gridpress.study.project import Project
from gridpress.study.records.runs import RunRecord
from gridpress.study.records.store import load
from gridpress.system.machine import Machine


@dataclass(frozen=True)
class Committed:
    """A recorded run: its record, the bytes of the file, and its machine (None: nothing names it)."""

    family: AnyFamily
    key: str
    record: RunRecord
    content: bytes
    machine: Machine | None

    @property
    def name(self) -> str:
        """As DVC names the stage."""
        return f"{self.family.stage}@{self.key}"


def read(project: Project, params: Params) -> tuple[dict[str, Committed], list[str]]:
    """Every run of which there is a record, by name, and what is wrong with files that cannot be read."""
    found, faults = {}, []
    for name, (family, run) in runs_by_stage_name(params).items():
        path = project.record(family.stage, run.key)
        if not path.is_file():
            continue
        try:
            record = load(family.record, path)
        except GridpressError as error:
            faults.append(_below(project, error))
            continue
        try:
            machine = load(family.timing, project.timing(family.stage, run.key)).machine
        except GridpressError as error:
            faults.append(_below(project, error))
            machine = None
        found[name] = Committed(family, run.key, record, path.read_bytes(), machine)
    return found, faults


def shown(project: Project, path: Path) -> str:
    """A path as Git and DVC name it."""
    return path.relative_to(project.root).as_posix()


def _below(project: Project, error: GridpressError) -> str:
    return str(error).replace(f"{project.root}{os.sep}", "")
