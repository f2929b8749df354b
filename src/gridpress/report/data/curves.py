"""Points of learning curves, as params.yaml asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.families.run_stage import Member
from gridpress.learning_curves.curves import CURVES, Curve
from gridpress.report.data import usable
from gridpress.study.project import Project
from gridpress.study.records.learning_curves import CurveRecord, CurveTiming
from gridpress.study.records.runs import RunRecord
from gridpress.study.records.store import load


@dataclass(frozen=True)
class Point:
    """A run of one of the stages of learning curves, with its record.

    Attributes:
        stage: that computed it.
        run: of the stage.
        members: the classifiers that were trained, one for each result of the record.
        record: of the run.
        timing: of the run; None where there is none.
    """

    stage: Curve[Any]
    run: Any
    members: Sequence[Member]
    record: CurveRecord
    timing: CurveTiming | None

    @property
    def results(self) -> Sequence[RunRecord]:
        return self.record.results


Points = Mapping[str, Mapping[str, Point]]  # by the folder of their records, then by key


def read(project: Project, params: Params) -> tuple[Points, dict[str, str]]:
    """All points that are there, of these parameters and of what was chosen; what is wrong with others.

    Raises:
        GridpressError: a record is there but cannot be read.
    """
    points: dict[str, dict[str, Point]] = {}
    faults: dict[str, str] = {}
    for stage in CURVES:
        here = points.setdefault(stage.folder, {})
        for key, run in stage.runs(params).items():
            point = _point(project, params, stage, run)
            fault = None if point is None else _fault(point)
            if fault is not None:
                faults[stage.record_path(project, key).relative_to(project.root).as_posix()] = fault
            elif point is not None:
                here[key] = point
    return points, faults


def _point(project: Project, params: Params, stage: Curve[Any], run: Any) -> Point | None:
    path, timing = stage.record_path(project, run.key), stage.timing_path(project, run.key)
    if not path.is_file():
        return None
    record = load(stage.record, path)
    try:
        if stage.mismatches(record, run, params, project):
            return None
        members = stage.members(run, params, project)
    except GridpressError:  # what it is of is not chosen
        return None
    return Point(stage, run, members, record, load(stage.timing, timing) if timing.is_file() else None)


def _fault(point: Point) -> str | None:
    found = (
        usable.of_run(member.params, result)
        for member, result in zip(point.members, point.results, strict=True)
    )
    return next((fault for fault in found if fault is not None), None)
