"""Finished runs that DVC has not recorded yet: they wait in the scratch folder, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from gridpress.errors import GridpressError
from gridpress.files import write_result, write_text
from gridpress.pipeline import checkpoints
from gridpress.stages import BY_NAME
from gridpress.study.grid import key_of, kind_of
from gridpress.study.project import Project


class Records(BaseModel):
    """The text of the two files that a run writes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    record: str
    timing: str

    def check(self, name: str) -> Records:
        """Itself, if both are what a stage of this name writes.

        Raises:
            ValueError: they are not (pydantic's ValidationError is one).
        """
        key = key_of(name)
        stage = BY_NAME[kind_of(name)]
        for model, text in ((stage.record, self.record), (stage.timing, self.timing)):
            found = model.model_validate_json(text).model_dump()["key"]
            if found != key:
                raise ValueError(f"this is the record of {found}")
        return self


@dataclass(frozen=True)
class Finished:
    """One finished run: the stage's name, the digest of the inputs it was computed from, and its files."""

    name: str
    digest: str
    records: Records

    def keep(self, project: Project) -> None:
        """Write it to the scratch folder, where the next start finds it."""
        try:
            write_text(_folder(project) / self.name / f"{self.digest}.json", self.records.model_dump_json())
        except GridpressError as error:
            lost = f"{self.name} has no result now; `gridpress repro` makes it."
            raise GridpressError(f"{error}.\n{lost}") from None

    def place(self, project: Project) -> None:
        """Put its files where the stage writes them."""
        record, timing = files_of(project, self.name)
        write_result(record, self.records.record)
        write_result(timing, self.records.timing)

    def discard(self, project: Project) -> None:
        """Forget it and whatever else waits under its name."""
        shutil.rmtree(_folder(project) / self.name, ignore_errors=True)


def waiting(project: Project, stale: dict[str, str]) -> list[Finished]:
    """The finished runs among these stages that were computed from their present inputs (digests by name)."""
    found = []
    for name, digest in stale.items():
        path = _folder(project) / name / f"{digest}.json"
        if kind_of(name) in BY_NAME and path.is_file():
            try:
                records = Records.model_validate_json(path.read_bytes()).check(name)
            except (OSError, ValueError):
                path.unlink(missing_ok=True)
            else:
                found.append(Finished(name, digest, records))
    return found


def forget(project: Project, names: Iterable[str]) -> None:
    """Leave nothing of earlier starts of these stages, so that everything is really computed again."""
    for name in names:
        shutil.rmtree(_folder(project) / name, ignore_errors=True)
        checkpoints.discard(project, name)


def files_of(project: Project, name: str) -> tuple[Path, Path]:
    """The record and the timing record of a run, by the name of its stage."""
    stage, key = BY_NAME[kind_of(name)], key_of(name)
    return stage.record_path(project, key), stage.timing_path(project, key)


def _folder(project: Project) -> Path:
    return project.scratch / "finished"
