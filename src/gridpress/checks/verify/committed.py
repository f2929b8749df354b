"""The runs of a study as they lie in its folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.study.grid import Kind, run_names
from gridpress.study.project import Project
from gridpress.study.records.runs import SvmRecord, TrainRecord
from gridpress.study.records.store import load
from gridpress.study.records.timings import SvmTiming, TrainTiming
from gridpress.system.machine import Machine


@dataclass(frozen=True)
class Committed:
    """A recorded run: its record, the bytes of the file, and where it was computed (None: nothing says so)."""

    kind: Kind
    key: str
    record: TrainRecord | SvmRecord
    content: bytes
    machine: Machine | None

    @property
    def name(self) -> str:
        """As DVC names the stage."""
        return f"{self.kind}@{self.key}"


def read(project: Project, params: Params) -> tuple[dict[str, Committed], list[str]]:
    """Every run of which there is a record, by name, and what is wrong with files that cannot be read."""
    found, faults = {}, []
    for name, (kind, key) in run_names(params).items():
        path = project.record(kind, key)
        if not path.is_file():
            continue
        try:
            record = _record(kind, path)
        except GridpressError as error:
            faults.append(_below(project, error))
            continue
        try:
            machine = _machine(kind, project.timing(kind, key))
        except GridpressError as error:
            faults.append(_below(project, error))
            machine = None
        found[name] = Committed(kind, key, record, path.read_bytes(), machine)
    return found, faults


def _record(kind: Kind, path: Path) -> TrainRecord | SvmRecord:
    return load(TrainRecord, path) if kind == "train" else load(SvmRecord, path)


def _machine(kind: Kind, path: Path) -> Machine:
    return load(TrainTiming, path).machine if kind == "train" else load(SvmTiming, path).machine


def shown(project: Project, path: Path) -> str:
    """A path as Git and DVC name it."""
    return path.relative_to(project.root).as_posix()


def _below(project: Project, error: GridpressError) -> str:
    return str(error).replace(f"{project.root}{os.sep}", "")
