"""`gridpress svm KEY`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from gridpress import classical, data
from gridpress.classical import svc
from gridpress.config.params import Params
from gridpress.pipeline.stages.images import study_images
from gridpress.pipeline.stages.runs import RunStage, Show, compute_and_save, sources
from gridpress.study import expected
from gridpress.study.grid import find, svm_runs
from gridpress.study.project import Project
from gridpress.study.records.runs import SvmRecord
from gridpress.study.records.timings import SvmTiming
from gridpress.system.machine import describe

CODE = sources(classical, data)  # what dvc.yaml names as dependencies


def run(project: Project, key: str) -> None:
    """Fit one support vector machine."""
    compute_and_save(project, RunStage("svm", compute, _settings, CODE), key)


def compute(project: Project, params: Params, key: str, show: Show) -> tuple[SvmRecord, SvmTiming]:
    """What `run` writes; of the study's folder only the data are used."""
    run = find(svm_runs(params), key, "svm")
    images, splits = study_images(project, params, run.dataset)
    with show(key, 1) as advance:
        fit = svc.fit(run.config, params.svm, images, splits)
        advance(1, f"validation accuracy {fit.validation_accuracy:.1%}")
    record = SvmRecord(
        schema_version=SvmRecord.current,
        key=key,
        **expected.svm_fields(run, params),
        train_accuracy=fit.train_accuracy,
        validation_accuracy=fit.validation_accuracy,
        test_accuracy=fit.test_accuracy,
        support_vectors=fit.support_vectors,
        converged=fit.converged,
        kernel_values=fit.kernel_values,
        misclassified=fit.misclassified,
    )
    timing = SvmTiming(
        schema_version=SvmTiming.current,
        key=key,
        clock=svc.CLOCK,
        fit_seconds=fit.fit_seconds,
        predict_seconds=fit.predict_seconds,
        machine=describe(),
    )
    return record, timing


def _settings(params: Params, key: str) -> dict[str, Any]:
    """All parameters that decide the result of a fit, as dvc.yaml names them."""
    run = find(svm_runs(params), key, "svm")
    return {
        "run": asdict(run),
        "settings": params.svm.model_dump(exclude={"configs"}),
        "data": params.data.model_dump(),
        "parts": params.dataset(run.dataset).model_dump(include={"parts"}),
    }
