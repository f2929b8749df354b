"""Made-up points of learning curves: networks learn more of more images than others do."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from gridpress.config.params import Params
from gridpress.families.baselines import BASELINES
from gridpress.families.networks import NETWORKS
from gridpress.families.run_stage import Member
from gridpress.families.svms import SVMS
from gridpress.learning_curves.curves import Curve
from gridpress.study.project import Project
from gridpress.study.records.learning_curves import CurveRecord, CurveTiming
from gridpress.study.records.runs import RunRecord
from gridpress.study.records.timings import ClassicalTiming, TrainTiming
from report.made_up.machine import MACHINE, rng
from report.made_up.runs import (
    baseline_accuracy_of,
    baseline_record,
    svm_accuracy_of,
    svm_record,
    train_accuracy_of,
    train_record,
)

PER_FOLD = {"train": 0.04, "svm": 0.008, "baseline": 0.006}  # accuracy for e times as many images
MOST = 0.995


def accuracy_of(member: Member, study: Params, share: float) -> float:
    """What a made-up accuracy in the grid becomes with other images."""
    name, family = member.run.dataset, member.family.stage
    folds = math.log(member.params.used(name)["train"] / study.used(name)["train"])
    noise = rng(member.run.key, str(member.draw)).normal(0, 0.002)
    return min(MOST, share + PER_FOLD[family] * folds + noise)


def result(member: Member, study: Params) -> RunRecord:
    """Of one classifier."""

    def at(accuracy: Callable[..., float]) -> Callable[..., float]:
        return lambda *of: accuracy_of(member, study, accuracy(*of))

    made: dict[str, Callable[[], RunRecord]] = {
        NETWORKS.stage: lambda: train_record(member.params, member.run, at(train_accuracy_of)),
        SVMS.stage: lambda: svm_record(member.params, member.run, at(svm_accuracy_of)),
        BASELINES.stage: lambda: baseline_record(member.params, member.run, at(baseline_accuracy_of)),
    }
    return made[member.family.stage]()


def point(curve: Curve[Any], run: Any, params: Params, project: Project) -> tuple[CurveRecord, CurveTiming]:
    """Record and timing of a run, of what the project's records of choices say."""
    results = [result(member, params) for member in curve.members(run, params, project)]
    record = CurveRecord(
        schema_version=CurveRecord.current, key=run.key, dataset=run.dataset, results=results
    )
    timing = CurveTiming(
        schema_version=CurveTiming.current,
        key=run.key,
        timings=[timing_of(one) for one in results],
    )
    return record, timing


def timing_of(result: Any) -> TrainTiming | ClassicalTiming:
    if hasattr(result, "history"):
        return TrainTiming(
            schema_version=TrainTiming.current,
            key=result.key,
            clock="processor",
            training_seconds=[result.train_samples / 100] * len(result.history),
            evaluation_seconds=[1.0] * len(result.history),
            resumed_at_epoch=None,
            machine=MACHINE,
        )
    return ClassicalTiming(
        schema_version=ClassicalTiming.current,
        key=result.key,
        clock="processor",
        fit_seconds=result.train_samples / 500,
        predict_seconds=0.5,
        machine=MACHINE,
    )
