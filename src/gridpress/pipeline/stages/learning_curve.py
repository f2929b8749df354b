"""`gridpress learning-curve KEY`, and the other stages of learning curves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from gridpress.config import learning_curve
from gridpress.config.params import Params, load_params
from gridpress.families.baselines import BASELINES
from gridpress.families.networks import NETWORKS
from gridpress.families.run_stage import Member
from gridpress.families.svms import SVMS
from gridpress.learning_curves import sizes
from gridpress.learning_curves.curves import Curve, is_of_the_grid
from gridpress.networks import names
from gridpress.pipeline.stages import baseline, svm, train
from gridpress.pipeline.stages.runs import Computation, Show, compute_and_save, sources
from gridpress.progress import Advance
from gridpress.study.grid import find
from gridpress.study.project import Project
from gridpress.study.records.base import Record
from gridpress.study.records.learning_curves import CurveRecord, CurveTiming
from gridpress.study.records.store import load

AnyCurve = Curve[Any]

STAGES = {NETWORKS.stage: train, SVMS.stage: svm, BASELINES.stage: baseline}


def run(project: Project, curve: AnyCurve, key: str) -> None:
    """Compute one point."""
    params = load_params(project.params)
    members = curve.members(find(curve.runs(params), key, curve.stage), params, project)
    networks = [names.source(member.run.model) for member in members if member.family is NETWORKS]
    code = [*sources(sizes, learning_curve), *train.CODE, *svm.CODE, *baseline.CODE, *networks]
    settings = partial(_settings, project, curve)
    compute_and_save(project, Computation(curve.folder, computing(curve), settings, code), key)


def computing(curve: AnyCurve) -> Callable[..., tuple[CurveRecord, CurveTiming]]:
    """The function `compute` of one of these stages."""
    return partial(compute, curve)


def compute(
    curve: AnyCurve, project: Project, params: Params, key: str, show: Show, *, anew: bool = False
) -> tuple[CurveRecord, CurveTiming]:
    """What `run` writes.

    Of the study's folder data, checkpoints, the record of choices and, where the grid has computed the same,
    its records are used.

    Args:
        curve: the stage.
        project: the study.
        params: its parameters.
        key: of the run.
        show: shows progress.
        anew: compute also what the grid has recorded.

    Raises:
        InputError: params.yaml asks for no such run.
        GridpressError: the record of choices is missing or of other parameters, or as the stages of families.
    """
    run = find(curve.runs(params), key, curve.stage)
    members = curve.members(run, params, project)
    results = []
    with show(key, max(1, len(members))) as advance:
        for member in members:
            found = None if anew else _recorded(member, params, project)
            if found is None:
                inner = _within(advance)
                found = member.family.compute_member(member, project, inner, f"{curve.stage}@{key}")
            else:
                advance(1, "as the grid has recorded it")
            results.append(found)
    record = CurveRecord(
        schema_version=CurveRecord.current,
        key=key,
        dataset=run.dataset,
        results=[record for record, _ in results],
    )
    timing = CurveTiming(
        schema_version=CurveTiming.current,
        key=key,
        timings=[timing for _, timing in results],
    )
    return record, timing


def _recorded(member: Member, params: Params, project: Project) -> tuple[Record, Record] | None:
    """What the grid has of the same classifier; None where it has not."""
    family, key = member.family, member.run.key
    paths = family.record_path(project, key), family.timing_path(project, key)
    if not is_of_the_grid(member, params) or not all(path.is_file() for path in paths):
        return None
    record, timing = load(family.record, paths[0]), load(family.timing, paths[1])
    return None if family.mismatches(record, member.run, params, project) else (record, timing)


def _within(advance: Advance) -> Show:
    """Progress of one member of several: a step of the whole."""

    @contextmanager
    def show(_title: str, total: float) -> Iterator[Advance]:
        def step(amount: float = 1, note: str | None = None) -> None:
            advance(amount / total, note)

        yield step

    return show


def _settings(project: Project, curve: AnyCurve, params: Params, key: str) -> dict[str, Any]:
    """All parameters that decide the result, by way of what was chosen."""
    run = find(curve.runs(params), key, curve.stage)
    return {
        "results": [
            (member.draw, STAGES[member.family.stage].settings_of(member.params, member.run.key))
            for member in curve.members(run, params, project)
        ]
    }
