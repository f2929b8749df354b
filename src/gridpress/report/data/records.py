"""The records that params.yaml names, and where they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import BaseModel

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.config.params import Params, load_params
from gridpress.families.registry import FAMILIES
from gridpress.learning_curves.curves import CURVES
from gridpress.report.data import curves, usable
from gridpress.report.data.curves import Points
from gridpress.report.data.published import Published, read_published
from gridpress.study import expected
from gridpress.study.project import Project
from gridpress.study.records.data import DataRecord, ImagesRecord
from gridpress.study.records.store import load

R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True, eq=False)  # by identity, so that what is derived from it can be cached
class Records:
    """Parameters and records.

    One that is not there, of other parameters, or unusable is absent from its mapping.
    """

    project: Project
    params: Params
    data: dict[str, DataRecord]
    records: dict[str, dict[str, Any]]  # by the stage of their family, then by key
    timings: dict[str, dict[str, Any]]
    points: Points  # of learning curves
    hardware: dict[str, HardwareRecord]
    images: ImagesRecord | None
    published: Published
    unusable: Mapping[str, str] = field(default_factory=dict)  # what is wrong, by path

    @classmethod
    def load(cls, project: Project) -> Self:
        """Read what params.yaml names.

        Raises:
            InputError: params.yaml is not right.
            GridpressError: a record is there but cannot be read.
        """
        params = load_params(project.params)
        data = _read(DataRecord, params.datasets, lambda key: project.record("data", key))
        unusable = {"data": _leave_out(data, partial(usable.of_data, params))}
        records, timings = {}, {}
        for family in FAMILIES:
            stage, runs = family.stage, family.runs(params)
            found = _read(family.record, runs, partial(project.record, stage))
            records[stage] = {
                key: record
                for key, record in found.items()
                if not expected.mismatches(record, family.expected(runs[key], params))
            }
            unusable[stage] = _leave_out(records[stage], partial(usable.of_run, params))
            timings[stage] = _read(family.timing, records[stage], partial(project.timing, stage))
        points, of_points = curves.read(project, params)
        return cls(
            project=project,
            params=params,
            data=data,
            records=records,
            timings=timings,
            points=points,
            hardware=_read(HardwareRecord, params.hardware.machines, partial(project.record, "hardware")),
            images=load(ImagesRecord, project.images) if project.images.is_file() else None,
            published=read_published(project.published).about(params.datasets),
            unusable={
                project.record(kind, key).relative_to(project.root).as_posix(): fault
                for kind, faults in unusable.items()
                for key, fault in faults.items()
            }
            | of_points,
        )

    @property
    def datasets(self) -> list[str]:
        return list(self.params.datasets)

    def source(self, kind: str, key: str) -> str:
        """The path of a record below the project; kind as in `Project.record`, or `timing/` and a kind."""
        timing = kind.removeprefix("timing/")
        path = self.project.record(kind, key) if timing == kind else self.project.timing(timing, key)
        return path.relative_to(self.project.root).as_posix()

    @property
    def images_source(self) -> str:
        """The path of the record of images below the project."""
        return self.project.images.relative_to(self.project.root).as_posix()

    def sources(self, kind: str, keys: Iterable[str] | Iterable[tuple[str, ...]]) -> list[str]:
        """Paths of several records, each once; `keys` may be groups of them."""
        flat = (key for entry in keys for key in ([entry] if isinstance(entry, str) else entry))
        return [self.source(kind, key) for key in dict.fromkeys(flat)]

    @property
    def missing(self) -> list[str]:
        """The records that params.yaml names and that are not there so, as paths below the project."""
        absent = [self.source(kind, key) for kind, key, found in self._wanted if not found]
        return absent if self.images else [*absent, self.images_source]

    @property
    def record_paths(self) -> list[str]:
        """The records that params.yaml names and that are there, timings included."""
        timings = [
            (f"timing/{family.stage}", key, key in self.timings[family.stage])
            for family in FAMILIES
            for key in family.runs(self.params)
        ]
        timings += [
            (f"timing/{folder}", key, point.timing is not None)
            for folder, points in self.points.items()
            for key, point in points.items()
        ]
        there = [self.source(kind, key) for kind, key, found in [*self._wanted, *timings] if found]
        return [*there, self.images_source] if self.images else there

    @property
    def run_sources(self) -> list[str]:
        """Paths of the records of all runs that are there."""
        return [path for stage, found in self.records.items() for path in self.sources(stage, found)]

    @property
    def _wanted(self) -> list[tuple[str, str, bool]]:
        """Kind and key of every result record, and whether it is there."""
        runs = [(family.stage, key) for family in FAMILIES for key in family.runs(self.params)]
        return [
            *(("data", key, key in self.data) for key in self.datasets),
            *((stage, key, key in self.records[stage]) for stage, key in runs),
            *(
                (curve.folder, key, key in self.points[curve.folder])
                for curve in CURVES
                for key in curve.runs(self.params)
            ),
            *(("hardware", key, key in self.hardware) for key in self.params.hardware.machines),
        ]


def _read(model: type[R], keys: Iterable[str], path: Callable[[str], Path]) -> dict[str, R]:
    return {key: load(model, path(key)) for key in keys if path(key).is_file()}


def _leave_out(found: dict[str, R], judge: Callable[[R], str | None]) -> dict[str, str]:
    """Take the records that `judge` finds something wrong with out of `found`; what it is, by key."""
    faults = {key: fault for key, record in found.items() if (fault := judge(record))}
    for key in faults:
        del found[key]
    return faults
