"""Made-up studies: records that a study of these parameters could have, written where they belong."""

from __future__ import annotations

import base64
import copy
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML

from conftest import DECLARED, FROZEN
from gridpress.config.declared import FOLDER
from gridpress.config.params import Params, parse_params
from gridpress.config.yaml_file import read_yaml
from gridpress.learning_curves.chosen import CHOSEN
from gridpress.learning_curves.curves import CURVES
from gridpress.pipeline.stages import network
from gridpress.results.choices import choices
from gridpress.results.shared_errors import indices, most_shared_errors
from gridpress.study.grid import BaselineRun, SvmRun, TrainRun, baseline_runs, svm_runs, train_runs
from gridpress.study.project import Project
from gridpress.study.records.data import ImagesRecord, Sample
from gridpress.study.records.runs import RunRecord
from gridpress.study.records.store import dumps
from gridpress.study.records.timings import ClassicalTiming, TrainTiming
from report.made_up.curves import point
from report.made_up.hardware import hardware_record
from report.made_up.machine import MACHINE
from report.made_up.runs import (
    LABELS,
    baseline_accuracy_of,
    baseline_record,
    data_record,
    svm_accuracy_of,
    svm_record,
    train_accuracy_of,
    train_record,
)

ROOT = Path(__file__).resolve().parents[2]
SMALL = {
    "data": {"train_samples": 1000, "train_eval_samples": 500, "val_samples": 500, "test_samples": 1000},
    "train": {"epochs": 2, "milestones": [1, 2], "grid": {"seed": [0]}},
    "hardware": {"machines": ["epyc-2core"]},
}

FRACTIONS = [0.005, 0.02, 0.1, 1.0]  # of the training images, in learning curves
PATIENT = {"recipes": {"default": {"early_stopping": {"metric": "accuracy", "patience": 2}}}}  # changes


def peaking(run: TrainRun, epoch: int) -> float:
    """Accuracies that early stopping finds its best epoch among: the second, or the third of a ResNet-50."""
    return train_accuracy_of(run, 1) - 0.1 * abs(epoch - (3 if run.model == "resnet50" else 2))


def parameters(**changes: Any) -> dict[str, Any]:
    """The frozen study's parameters, small, with blocks updated: `train={"grid": {"seed": [0, 1]}}`."""
    content = copy.deepcopy(read_yaml(FROZEN.params))
    _update(content, SMALL)
    _update(content, changes)
    return content


def save(record: BaseModel, path: Path) -> None:
    """Like `store.save`, without the fsync that a throw-away study does not need."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dumps(record), encoding="utf-8")


def _update(content: dict[str, Any], changes: dict[str, Any]) -> None:
    for key, value in changes.items():
        if (
            isinstance(value, dict)
            and key not in ("configs", "targets")
            and isinstance(content.get(key), dict)
        ):
            _update(content[key], value)
        else:
            content[key] = value


def images_record(params: Params, records: Sequence[RunRecord]) -> ImagesRecord:
    """What `gridpress summarize` would keep, were image i of grey i."""
    shown = {}
    for name in params.datasets:
        here = [record for record in records if record.dataset == name]
        shown[name] = [
            Sample(
                index=index,
                label=int(LABELS[index]),
                pixels=base64.b64encode(bytes([index % 256] * params.dataset(name).pixels)).decode(),
            )
            for index in indices(most_shared_errors(here, params))
        ]
    return ImagesRecord(schema_version=ImagesRecord.current, datasets=shown)


def write_curves(project: Project, params: Params, records: Sequence[RunRecord]) -> None:
    """What validation chose among these records, and all points of learning curves that are asked for."""
    sources = {name: network.record_of(name).sha256 for name in params.train.grid.model}
    for choice in choices(params, records, sources):
        save(choice, project.record(CHOSEN, choice.key))
    for curve in CURVES:
        for key, run in curve.runs(params).items():
            record, timing = point(curve, run, params, project)
            save(record, curve.record_path(project, key))
            save(timing, curve.timing_path(project, key))


def write_study(
    root: Path,
    content: dict[str, Any],
    train_accuracy: Callable[[TrainRun, int], float] = train_accuracy_of,
    svm_accuracy: Callable[[SvmRun], float] = svm_accuracy_of,
    baseline_accuracy: Callable[[BaselineRun], float] = baseline_accuracy_of,
) -> Project:
    """A project folder with params.yaml, dvc.yaml, declarations, the published studies and all records."""
    project = Project(root)
    root.mkdir(parents=True, exist_ok=True)
    params = parse_params(content, DECLARED)
    with project.params.open("w", encoding="utf-8") as file:
        YAML().dump(content, file)
    (root / "dvc.yaml").write_text("stages: {}\n", encoding="utf-8")
    shutil.copytree(FROZEN.root / FOLDER, root / FOLDER)
    shutil.copytree(FROZEN.published, project.published)
    for dataset in params.datasets:
        save(data_record(params, dataset), project.record("data", dataset))
    for name in params.train.grid.model:
        save(network.record_of(name), project.record("network", name))
    records: list[RunRecord] = []
    for key, run in train_runs(params).items():
        record = train_record(params, run, train_accuracy)
        records.append(record)
        save(record, project.record("train", key))
        seconds = {"resnet18": 8.0, "resnet34": 14.0, "resnet50": 20.0}[run.model]
        timing = TrainTiming(
            schema_version=TrainTiming.current,
            key=key,
            clock="processor",
            training_seconds=[seconds] * len(record.history),
            evaluation_seconds=[1.0] * len(record.history),
            resumed_at_epoch=None,
            machine=MACHINE,
        )
        save(timing, project.timing("train", key))
    for key, fit in svm_runs(params).items():
        records.append(svm_record(params, fit, svm_accuracy))
        save(records[-1], project.record("svm", key))
        timing_of_fit = ClassicalTiming(
            schema_version=ClassicalTiming.current,
            key=key,
            clock="processor",
            fit_seconds=1.5,
            predict_seconds=0.5,
            machine=MACHINE,
        )
        save(timing_of_fit, project.timing("svm", key))
    for key, other in baseline_runs(params).items():
        records.append(baseline_record(params, other, baseline_accuracy))
        save(records[-1], project.record("baseline", key))
        save(timing_of_fit.model_copy(update={"key": key}), project.timing("baseline", key))
    save(images_record(params, records), project.images)
    write_curves(project, params, records)
    for name in params.hardware.machines:
        save(hardware_record(params, name), project.record("hardware", name))
    return project
