"""The runs of a study as they lie in its folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.families.run_stage import Run
from gridpress.stages import AnyStage, runs_by_name
from gridpress.study.project import Project
from gridpress.study.records.base import Record
from gridpress.study.records.runs import RunRecord
from gridpress.study.records.store import load
from gridpress.system.machine import Machine


@dataclass(frozen=True)
class Committed:
    """A recorded run: its record, the bytes of the file, and its machine (None: nothing names it)."""

    stage: AnyStage
    run: Run
    record: Record
    content: bytes
    machine: Machine | None

    @property
    def name(self) -> str:
        """As DVC names the stage."""
        return f"{self.stage.stage}@{self.run.key}"

    @property
    def results(self) -> Sequence[RunRecord]:
        """One for each classifier of the run."""
        return self.stage.results(self.record)


def read(project: Project, params: Params) -> tuple[dict[str, Committed], list[str]]:
    """Every run of which there is a record, by name, and what is wrong with files that cannot be read."""
    found, faults = {}, []
    for name, (stage, run) in runs_by_name(params).items():
        path = stage.record_path(project, run.key)
        if not path.is_file():
            continue
        try:
            record = load(stage.record, path)
        except GridpressError as error:
            faults.append(_below(project, error))
            continue
        try:
            machine = load(stage.timing, stage.timing_path(project, run.key)).machine
        except GridpressError as error:
            faults.append(_below(project, error))
            machine = None
        found[name] = Committed(stage, run, record, path.read_bytes(), machine)
    return found, faults


def shown(project: Project, path: Path) -> str:
    """A path as Git and DVC name it."""
    return path.relative_to(project.root).as_posix()


def _below(project: Project, error: GridpressError) -> str:
    return str(error).replace(f"{project.root}{os.sep}", "")
