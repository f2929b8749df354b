"""`gridpress baseline KEY`."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from gridpress import data, evaluation, seeding
from gridpress.classical import baselines, features, fitting, temperature
from gridpress.config.params import Params
from gridpress.errors import InputError
from gridpress.pipeline.stages.images import study_images
from gridpress.pipeline.stages.runs import Computation, Show, compute_and_save, sources
from gridpress.study import expected
from gridpress.study.grid import baseline_runs, find
from gridpress.study.project import Project
from gridpress.study.records.runs import BaselineRecord
from gridpress.study.records.timings import ClassicalTiming

CODE = sources(data, evaluation, seeding, baselines, features, fitting, temperature)  # what dvc.yaml names


def run(project: Project, key: str) -> None:
    """Fit one classifier."""
    compute_and_save(project, Computation("baseline", compute, settings_of, CODE), key)


def compute(
    project: Project, params: Params, key: str, show: Show, draw: int | None = None
) -> tuple[BaselineRecord, ClassicalTiming]:
    """What `run` writes; of the study's folder only the data are used.

    Args:
        project: the study.
        params: its parameters, or other ones.
        key: of the run.
        show: shows progress.
        draw: the seed of a training sample of its own.

    Raises:
        InputError: scikit-learn does not take the parameters.
    """
    run = find(baseline_runs(params), key, "baseline")
    if (reason := baselines.objection(run.config)) is not None:
        raise InputError(f"params.yaml: baseline.configs.{run.name}: {reason}")
    images, splits = study_images(project, params, run.dataset, draw)
    fit_it = partial(baselines.fit_baseline, run.config, baselines.seed_for(key, params.baseline.seed))
    with show(key, 1) as advance:
        fit = fitting.fit_and_evaluate(fit_it, run.config.scaling, images, splits)
        advance(1, f"validation accuracy {fit.validation['accuracy']:.1%}")
    record = BaselineRecord(
        schema_version=BaselineRecord.current,
        key=key,
        **expected.baseline_fields(run, params),
        stored=fit.classifier.stored,
        converged=fit.classifier.converged,
        **fitting.record_fields(fit),
    )
    return record, fitting.timing(key, fit)


def settings_of(params: Params, key: str) -> dict[str, Any]:
    """All parameters that decide the result of a fit, as dvc.yaml names them."""
    run = find(baseline_runs(params), key, "baseline")
    return {
        "run": asdict(run),
        "seed": params.baseline.seed,
        "data": params.data.model_dump(),
        "parts": params.dataset(run.dataset).model_dump(include={"parts"}),
    }
