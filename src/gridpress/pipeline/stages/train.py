"""`gridpress train KEY`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from gridpress import data, evaluation, seeding, training
from gridpress.config.params import Params, load_params
from gridpress.data.splits import split
from gridpress.networks import building, names
from gridpress.networks.building import build
from gridpress.pipeline import checkpoints
from gridpress.pipeline.stages.images import verified_images
from gridpress.pipeline.stages.runs import Computation, Show, compute_and_save, sources
from gridpress.study import expected
from gridpress.study.grid import TrainRun, find, train_runs
from gridpress.study.project import Project
from gridpress.study.records.runs import TrainRecord
from gridpress.study.records.timings import TrainTiming
from gridpress.system.allocator import keep_freed_memory
from gridpress.system.machine import describe
from gridpress.training import loop
from gridpress.training.setup import Setup

CODE = sources(data, evaluation, seeding, building, training)  # and the network's file: what dvc.yaml names


def run(project: Project, key: str) -> None:
    """Train one configuration, from its checkpoint where an earlier attempt left one."""
    code = [*CODE, names.source(find(train_runs(load_params(project.params)), key, "train").model)]
    compute_and_save(project, Computation("train", compute, settings_of, code), key)


def compute(
    project: Project, params: Params, key: str, show: Show, name: str | None = None
) -> tuple[TrainRecord, TrainTiming]:
    """What `run` writes; of the study's folder only data and checkpoints are used.

    Args:
        project: the study.
        params: its parameters, or other ones.
        key: of the run.
        show: shows progress.
        name: of the run of the stage that it is computed for, as DVC names it; by default it is of this one.
    """
    run = find(train_runs(params), key, "train")
    keep_freed_memory()
    session = start(project, params, run)
    checkpoint = _checkpoint(project, params, run, session.device.type, name or f"train@{key}")
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
        parameters=build.parameter_count(
            session.setup.architecture(len(params.dataset(run.dataset).classes))
        ),
        diverged_at_epoch=done.diverged_at_epoch,
        stopped=session.stopped,
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


def start(project: Project, params: Params, run: TrainRun) -> loop.Session:
    """The training of a run before its first step; raises as `loop.Session`, and where data are missing."""
    images, setup = verified_images(project, params, run.dataset), Setup.of(run, params)
    splits = split(images.labels, params.division(run.dataset), setup.draw)
    return loop.Session(setup, images, splits, setup.weights_file(project.root))


def _state_of(done: loop.Progress, epochs: int) -> str:
    last = done.history[-1]
    return (
        f"epoch {last['epoch']}/{epochs}, loss {last['loss']:.3f}, "
        f"validation accuracy {last['validation_accuracy']:.1%}"
    )


def settings_of(params: Params, key: str) -> dict[str, Any]:
    """All parameters that decide the result of a run, as dvc.yaml names them."""
    run = find(train_runs(params), key, "train")
    return {
        "run": asdict(run),
        "settings": params.train.model_dump(exclude={"grid"}),
        "optimizer": getattr(params.optimizers, run.optimizer).model_dump(),
        "recipe": params.recipes[run.recipe].model_dump(),
        "data": params.data.model_dump(),
        "parts": params.dataset(run.dataset).model_dump(include={"parts"}),
    }


def _checkpoint(project: Project, params: Params, run: TrainRun, device: str, name: str) -> Path:
    inputs = {
        **settings_of(params, run.key),
        "device": device,
        "torch": torch.__version__,
        "processor": describe().processor_name,  # another one would go on with other last bits
    }
    return checkpoints.checkpoint_path(project, name, inputs, [*CODE, names.source(run.model)])
