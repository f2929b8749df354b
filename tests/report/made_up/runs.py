"""Made-up records of the train, svm and fetch stages."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache

import numpy as np

from gridpress.config.params import Params
from gridpress.config.values import METRICS
from gridpress.data.splits import Division, Pool, Splits, split
from gridpress.evaluation.evaluate import evaluate
from gridpress.study import expected
from gridpress.study.grid import BaselineRun, SvmRun, TrainRun
from gridpress.study.records.data import DataRecord, Sample
from gridpress.study.records.runs import (
    BaselineRecord,
    Epoch,
    Evaluation,
    Milestone,
    Predictions,
    SvmRecord,
    TrainRecord,
)
from gridpress.training.early_stopping import best_epoch, is_over
from gridpress.training.milestones import tested_at
from report.made_up.machine import rng

PARAMETERS = {"resnet18": 11181642, "resnet34": 21289802, "resnet50": 23528522}
LABELS = np.tile(np.arange(10, dtype=np.uint8), 7000)
ACCURACY = {"mnist": 0.97, "fashion_mnist": 0.88}
EFFECTS = {
    "resnet18": 0.005,
    "resnet34": 0.003,
    "resnet50": 0.0,
    "sgd": -0.01,
    "adam": 0.0,
    0.001: 0.0,
    0.0001: -0.02,
    16: 0.004,
    32: 0.0,
}
BASELINE_EFFECTS = {"random_forest": 0.035, "logistic_regression": 0.07}
SVM_EFFECTS = {"poly": -0.03, "rbf": 0.0, 0.1: -0.05, 1.0: 0.0, 10.0: 0.005}


def train_accuracy_of(run: TrainRun, epoch: int) -> float:
    """A smooth made-up truth plus a little seed noise."""
    truth = ACCURACY[run.dataset] + sum(EFFECTS.get(value, 0.0) for value in vars(run).values() if value != 0)
    return min(0.999, truth - 0.03 / epoch + rng(run.key).normal(0, 0.002))


def svm_accuracy_of(run: SvmRun) -> float:
    effects = (SVM_EFFECTS.get(value, 0.0) for value in run.config.model_dump().values() if value != "scale")
    return ACCURACY[run.dataset] - 0.03 + sum(effects) + (-0.01 if run.config.degree == 3 else 0)


def baseline_accuracy_of(run: BaselineRun) -> float:
    return ACCURACY[run.dataset] - BASELINE_EFFECTS.get(run.config.estimator, 0.05)


def drawn_test_images(params: Params, dataset: str) -> np.ndarray:
    """The test images of a study; image i shows class i % 10."""
    return drawn_images(params, dataset, "test")


def drawn_images(params: Params, dataset: str, part: str) -> np.ndarray:
    """Those of `test` or `validation`."""
    division = params.division(dataset)
    numbers = (tuple(of.items()) for of in (division.sizes, division.samples))
    return np.asarray(getattr(_splits(division.seed, *numbers), part))


@cache
def _splits(seed: int, sizes: tuple[tuple[str, int], ...], samples: tuple[tuple[str, int], ...]) -> Splits:
    return split(LABELS, Division(seed, [Pool(np.arange(len(LABELS)), dict(sizes))], dict(samples)))


def wrong_answers(
    params: Params, dataset: str, accuracy: float, *key: object, part: str = "test"
) -> Predictions:
    """Errors that fall mostly on the same hard images, as those of trained classifiers do."""
    drawn = drawn_images(params, dataset, part)
    hardness = rng(dataset).normal(size=len(drawn)) + 0.3 * rng(*key).normal(size=len(drawn))
    index = np.sort(drawn[np.argsort(hardness)[: round((1 - accuracy) * len(drawn))]])
    return Predictions(index=index.tolist(), predicted=((LABELS[index] + 1 + index // 10 % 2) % 10).tolist())


def evaluation_of(params: Params, dataset: str, wrong: Predictions, part: str = "test") -> Evaluation:
    """What a classifier with these errors records, were it sure of everything by nine parts in ten."""
    index = drawn_images(params, dataset, part)
    answers = LABELS.astype(np.int64)
    answers[wrong.index] = wrong.predicted
    probabilities = np.full((len(index), 10), 0.1 / 9)
    probabilities[np.arange(len(index)), answers[index]] = 0.9
    return Evaluation.model_validate(evaluate(index, LABELS, probabilities))


def evaluation(params: Params, dataset: str, accuracy: float, *key: object, part: str = "test") -> Evaluation:
    """Of a classifier of some accuracy."""
    return evaluation_of(params, dataset, wrong_answers(params, dataset, accuracy, *key, part=part), part)


def of(images: int, share: float) -> float:
    """The nearest share that so many images can give."""
    return round(share * images) / images


def train_record(params: Params, run: TrainRun, accuracy: Callable[[TrainRun, int], float]) -> TrainRecord:
    """As training would leave it, were these the accuracies after each epoch."""
    train, used, recipe = params.train, params.used(run.dataset), params.recipes[run.recipe]
    rule, kept = recipe.early_stopping, None
    history, milestones = [], []
    for epoch in range(1, train.epochs + 1):
        if rule != "none" and is_over(rule, [vars(entry) for entry in history]):
            break
        share = accuracy(run, epoch)
        validation = evaluation(params, run.dataset, share, run.key, epoch, part="validation")
        history.append(
            Epoch(
                epoch=epoch,
                loss=1 - share,
                train_accuracy=of(used["train_eval"], min(1, share + 0.01)),
                **{f"validation_{metric}": validation.value(metric) for metric in METRICS},
            )
        )
        if rule != "none" and best_epoch(rule, [vars(entry) for entry in history]) == epoch:
            kept, milestones = epoch, []
        if epoch == kept or (rule == "none" and epoch in tested_at(train, recipe)):
            milestones.append(
                Milestone(
                    epoch=epoch,
                    train_accuracy=history[-1].train_accuracy,
                    validation=validation,
                    test=evaluation(params, run.dataset, share, run.key, epoch),
                )
            )
    return TrainRecord(
        schema_version=TrainRecord.current,
        key=run.key,
        **expected.train_fields(run, params) | {"device": "cpu"},
        parameters=PARAMETERS[run.model],
        diverged_at_epoch=None,
        stopped=kept,
        history=history,
        milestones=milestones,
    )


def diverged(record: TrainRecord, epoch: int) -> TrainRecord:
    """The record of the same run, had its loss stopped being finite in `epoch`."""
    return record.model_copy(
        update={
            "diverged_at_epoch": epoch,
            "history": [entry for entry in record.history if entry.epoch < epoch],
            "milestones": [entry for entry in record.milestones if entry.epoch < epoch],
        }
    )


def svm_record(params: Params, run: SvmRun, accuracy: Callable[[SvmRun], float]) -> SvmRecord:
    share, used = accuracy(run), params.used(run.dataset)
    return SvmRecord(
        schema_version=SvmRecord.current,
        key=run.key,
        **expected.svm_fields(run, params),
        support_vectors=[50] * 10,
        converged=True,
        kernel_values="precomputed",
        temperature=0.2,
        train_accuracy=of(used["train"], min(1, share + 0.05)),
        **_evaluations(params, run.dataset, share, run.key),
    )


def baseline_record(
    params: Params, run: BaselineRun, accuracy: Callable[[BaselineRun], float]
) -> BaselineRecord:
    share, used = accuracy(run), params.used(run.dataset)
    return BaselineRecord(
        schema_version=BaselineRecord.current,
        key=run.key,
        **expected.baseline_fields(run, params),
        stored=7850,
        converged=True,
        temperature=None,
        train_accuracy=of(used["train"], min(1, share + 0.05)),
        **_evaluations(params, run.dataset, share, run.key),
    )


def _evaluations(params: Params, dataset: str, share: float, key: str) -> dict[str, Evaluation]:
    return {
        "validation": evaluation(params, dataset, share, key, part="validation"),
        "test": evaluation(params, dataset, share, key),
    }


def data_record(params: Params, dataset: str) -> DataRecord:
    declared = params.dataset(dataset)
    return DataRecord(
        schema_version=DataRecord.current,
        dataset=dataset,
        sha256={"train-images-idx3-ubyte": "0" * 64},
        images=declared.images,
        shape=list(declared.shape),
        class_counts=np.bincount(LABELS).tolist(),
        labels=base64.b64encode(LABELS.astype("<u2").tobytes()).decode(),
        duplicates=[],
        samples=[
            Sample(index=10 * label, label=label, pixels=_grey(20 * label, declared.pixels))
            for label in range(len(declared.classes))
        ],
    )


def _grey(value: int, pixels: int) -> str:
    return base64.b64encode(bytes([value] * pixels)).decode()
