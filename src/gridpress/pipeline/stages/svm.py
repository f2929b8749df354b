"""`gridpress svm KEY`."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from gridpress import data, evaluation
from gridpress.classical import features, fitting, memory, svc, temperature
from gridpress.config.params import Params
from gridpress.pipeline.stages.images import study_images
from gridpress.pipeline.stages.runs import Computation, Show, compute_and_save, sources
from gridpress.study import expected
from gridpress.study.grid import find, svm_runs
from gridpress.study.project import Project
from gridpress.study.records.runs import SvmRecord
from gridpress.study.records.timings import ClassicalTiming

CODE = sources(data, evaluation, features, fitting, memory, svc, temperature)  # what dvc.yaml names


def run(project: Project, key: str) -> None:
    """Fit one support vector machine."""
    compute_and_save(project, Computation("svm", compute, settings_of, CODE), key)


def compute(
    project: Project, params: Params, key: str, show: Show, draw: int | None = None
) -> tuple[SvmRecord, ClassicalTiming]:
    """What `run` writes; of the study's folder only the data are used.

    Args:
        project: the study.
        params: its parameters, or other ones.
        key: of the run.
        show: shows progress.
        draw: the seed of a training sample of its own.
    """
    run = find(svm_runs(params), key, "svm")
    images, splits = study_images(project, params, run.dataset, draw)
    with show(key, 1) as advance:
        fit = fitting.fit_and_evaluate(
            partial(svc.fit_svm, run.config, params.svm), params.svm.scaling, images, splits
        )
        advance(1, f"validation accuracy {fit.validation['accuracy']:.1%}")
    machine = fit.classifier
    record = SvmRecord(
        schema_version=SvmRecord.current,
        key=key,
        **expected.svm_fields(run, params),
        support_vectors=machine.svc.n_support_.tolist(),
        converged=machine.svc.fit_status_ == 0,
        kernel_values="on demand" if machine.kernel is None else "precomputed",
        **fitting.record_fields(fit),
    )
    return record, fitting.timing(key, fit)


def settings_of(params: Params, key: str) -> dict[str, Any]:
    """All parameters that decide the result of a fit, as dvc.yaml names them."""
    run = find(svm_runs(params), key, "svm")
    return {
        "run": asdict(run),
        "settings": params.svm.model_dump(exclude={"configs"}),
        "data": params.data.model_dump(),
        "parts": params.dataset(run.dataset).model_dump(include={"parts"}),
    }
