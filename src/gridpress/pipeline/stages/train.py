"""`gridpress train KEY`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from gridpress import data, training
from gridpress.config.params import Params
from gridpress.networks import torchvision
from gridpress.pipeline import checkpoints
from gridpress.pipeline.stages.images import study_images
from gridpress.pipeline.stages.runs import RunStage, Show, compute_and_save, sources
from gridpress.study import expected
from gridpress.study.grid import find, train_runs
from gridpress.study.project import Project
from gridpress.study.records.runs import TrainRecord
from gridpress.study.records.timings import TrainTiming
from gridpress.system.machine import describe
from gridpress.training import loop

CODE = sources(data, torchvision, training)  # what dvc.yaml names as dependencies


def run(project: Project, key: str) -> None:
    """Train one configuration, from its checkpoint where an earlier attempt left one."""
    compute_and_save(project, RunStage("train", compute, _settings, CODE), key)


def compute(project: Project, params: Params, key: str, show: Show) -> tuple[TrainRecord, TrainTiming]:
    """What `run` writes; of the study's folder only data and checkpoints are used."""
    run = find(train_runs(params), key, "train")
    images, splits = study_images(project, params, run.dataset)
    optimizer = getattr(params.optimizers, run.optimizer)
    session = loop.Session(run, params.train, optimizer, images, splits)
    checkpoint = _checkpoint(project, params, key, session.device.type)
    if (state := checkpoints.read(checkpoint)) is not None:
        session.resume(state)
    done = session.progress
    steps = session.steps_per_epoch
    with show(key, params.train.epochs * steps) as advance:
        advance(len(done.history) * steps)
        while not session.finished:
            session.train_epoch(advance)
            if done.diverged_at_epoch is None:
                advance(0, _state_of(done, params.train.epochs))
            if not session.finished:
                checkpoints.write(checkpoint, session.state())
    record = TrainRecord(
        schema_version=TrainRecord.current,
        key=key,
        **expected.train_fields(run, params) | {"device": session.device.type},
        parameters=torchvision.parameter_count(
            torchvision.build(run.model, params.train.channels, images.classes, run.seed)
        ),
        diverged_at_epoch=done.diverged_at_epoch,
        history=done.history,
        milestones=done.milestones,
    )
    timing = TrainTiming(
        schema_version=TrainTiming.current,
        key=key,
        clock=session.clock,
        training_seconds=done.training_seconds,
        evaluation_seconds=done.evaluation_seconds,
        resumed_at_epoch=done.resumed_at_epoch,
        machine=describe(),
    )
    return record, timing


def _state_of(done: loop.Progress, epochs: int) -> str:
    last = done.history[-1]
    return (
        f"epoch {last['epoch']}/{epochs}, loss {last['loss']:.3f}, "
        f"validation accuracy {last['validation_accuracy']:.1%}"
    )


def _settings(params: Params, key: str) -> dict[str, Any]:
    """All parameters that decide the result of a run, as dvc.yaml names them."""
    run = find(train_runs(params), key, "train")
    return {
        "run": asdict(run),
        "settings": params.train.model_dump(exclude={"grid"}),
        "optimizer": getattr(params.optimizers, run.optimizer).model_dump(),
        "data": params.data.model_dump(),
        "parts": params.dataset(run.dataset).model_dump(include={"parts"}),
    }


def _checkpoint(project: Project, params: Params, key: str, device: str) -> Path:
    inputs = {
        **_settings(params, key),
        "device": device,
        "torch": torch.__version__,
        "processor": describe().processor_name,  # another one would go on with other last bits
    }
    return checkpoints.checkpoint_path(project, key, inputs, CODE)
