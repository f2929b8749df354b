"""What reading a record shows: whether it agrees with itself, with params.yaml and with the labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridpress.config.params import Params
from gridpress.data.loading import Labels
from gridpress.data.splits import Splits
from gridpress.messages import counted
from gridpress.study import expected
from gridpress.study.grid import SvmRun, TrainRun, svm_runs, train_runs
from gridpress.study.records.runs import Predictions, RunRecord, SvmRecord, TrainRecord


def faults(record: RunRecord, key: str, params: Params, labels: Labels, splits: Splits) -> Iterator[str]:
    """One line for everything in a record that cannot be.

    Args:
        record: of a run that params.yaml asks for.
        key: that run's key.
        params: of the study.
        labels: of all images of the run's dataset, uint8 [N].
        splits: which of them the study uses.
    """
    match record:
        case TrainRecord():
            yield from _of_training(record, train_runs(params)[key], params, labels, splits)
        case SvmRecord():
            yield from _of_svm(record, svm_runs(params)[key], params, labels, splits)


def _of_training(
    record: TrainRecord, run: TrainRun, params: Params, labels: Labels, splits: Splits
) -> Iterator[str]:
    settings = params.train
    yield from _other_parameters(record, expected.train_fields(run, params))
    epochs = [epoch.epoch for epoch in record.history]
    ended = record.diverged_at_epoch
    length = settings.epochs if ended is None else ended - 1
    if epochs != list(range(1, length + 1)):
        yield f"history holds the epochs {epochs}, not those from 1 to {length}"
    for epoch in record.history:
        where = f"history, epoch {epoch.epoch}: "
        if epoch.loss < 0:
            yield f"{where}loss is {epoch.loss}"
        yield from _no_share(f"{where}train_accuracy", epoch.train_accuracy, len(splits.train_eval))
        yield from _no_share(f"{where}validation_accuracy", epoch.validation_accuracy, len(splits.validation))
    stones = [stone.epoch for stone in record.milestones]
    if stones != (due := [epoch for epoch in settings.test_epochs if epoch <= length]):
        yield f"milestones holds the epochs {stones}, not {due}"
    history = {epoch.epoch: epoch for epoch in record.history}
    for stone in record.milestones:
        where = f"milestones, epoch {stone.epoch}: "
        for name in ("train_accuracy", "validation_accuracy"):
            value, other = getattr(stone, name), getattr(history.get(stone.epoch), name, None)
            if value != other:
                yield f"{where}{name} is {value}, in history it is {other}"
        for fault in _predictions(stone.test_accuracy, stone.misclassified, labels, splits.test):
            yield where + fault


def _of_svm(record: SvmRecord, run: SvmRun, params: Params, labels: Labels, splits: Splits) -> Iterator[str]:
    yield from _other_parameters(record, expected.svm_fields(run, params))
    yield from _no_share("train_accuracy", record.train_accuracy, len(splits.train))
    yield from _no_share("validation_accuracy", record.validation_accuracy, len(splits.validation))
    images = np.bincount(labels[splits.train], minlength=len(params.dataset(run.dataset).classes))
    vectors = np.asarray(record.support_vectors, dtype=float)
    if vectors.shape != images.shape or (vectors < 0).any() or (vectors > images).any():
        yield f"support_vectors is {record.support_vectors}, of {images.tolist()} training images"
    yield from _predictions(record.test_accuracy, record.misclassified, labels, splits.test)


def _other_parameters(record: RunRecord, wanted: Mapping[str, Any]) -> Iterator[str]:
    for name, found in expected.mismatches(record, wanted).items():
        yield f"{name} is {found}, params.yaml asks for {wanted[name]}"


def _no_share(name: str, value: float, images: int) -> Iterator[str]:
    if round(value * images) / images != value:
        yield f"{name} is {value}, which is no share of {images} images"


def _predictions(
    accuracy: float, wrong: Predictions, labels: Labels, test: NDArray[np.int64]
) -> Iterator[str]:
    """Faults of a list of misclassified test images and of the accuracy that it gives."""
    index = wrong.index
    if (real := (len(test) - len(index)) / len(test)) != accuracy:
        yield f"test_accuracy is {accuracy}, but {len(index)} misclassified of {len(test)} images give {real}"
    if index != sorted(set(index)):
        yield "misclassified.index does not rise"
    if elsewhere := sorted(set(index) - set(test.tolist())):
        yield f"misclassified.index holds {_some(elsewhere)} outside the test images"
    pairs = zip(index, wrong.predicted, strict=True)
    if right := [image for image, answer in pairs if image < len(labels) and labels[image] == answer]:
        yield f"misclassified holds {_some(right)} with the true class as prediction"


def _some(images: Sequence[int]) -> str:
    return f"{counted(len(images), 'image')}, such as {images[0]}"
