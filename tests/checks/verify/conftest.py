"""Records and a machine as the verification sees them."""

from __future__ import annotations

import numpy as np
import pytest

from gridpress.config.values import METRICS
from gridpress.evaluation.evaluate import evaluate
from gridpress.networks.building.build import parameter_count
from gridpress.study import expected
from gridpress.study.grid import baseline_runs, svm_runs, train_runs
from gridpress.study.records.runs import BaselineRecord, SvmRecord, TrainRecord
from gridpress.system.machine import describe
from gridpress.training.setup import Setup


@pytest.fixture(scope="session")
def here():
    return describe()


@pytest.fixture
def images(made_up):
    return made_up[0]


@pytest.fixture
def splits(made_up):
    return made_up[1]


@pytest.fixture
def params(params, splits):
    """The smoke profile with as many images as `made_up` has."""
    counts = {
        "train_samples": len(splits.train),
        "train_eval_samples": len(splits.train_eval),
        "val_samples": len(splits.validation),
        "test_samples": len(splits.test),
    }
    return params.model_copy(update={"data": params.data.model_copy(update=counts)})


@pytest.fixture
def evaluation(images):
    """The answers to some images, of which the first six are taken for the class after their own."""

    def evaluation(index):
        answers = images.labels[index].astype(np.int64)
        answers[np.argsort(index)[:6]] += 1
        probabilities = np.full((len(index), 10), 0.1 / 9)
        probabilities[np.arange(len(index)), answers % 10] = 0.9
        return evaluate(index, images.labels, probabilities)

    return evaluation


@pytest.fixture
def evaluations(evaluation, splits):
    return {"validation": evaluation(splits.validation), "test": evaluation(splits.test)}


@pytest.fixture
def network(params, evaluations):
    """The record of a training run as it should be."""
    run = next(iter(train_runs(params).values()))
    validation = {f"validation_{name}": evaluations["validation"][name] for name in METRICS}
    return TrainRecord(
        schema_version=TrainRecord.current,
        key=run.key,
        **expected.train_fields(run, params) | {"device": "cpu"},
        parameters=parameter_count(Setup.of(run, params).architecture(10)),
        diverged_at_epoch=None,
        stopped=None,
        history=[
            {"epoch": epoch, "loss": 1 / epoch, "train_accuracy": 0.95, **validation} for epoch in (1, 2)
        ],
        milestones=[{"epoch": epoch, "train_accuracy": 0.95, **evaluations} for epoch in (1, 2)],
    )


@pytest.fixture
def svm(params, evaluations):
    """The record of a support vector machine as it should be."""
    run = next(iter(svm_runs(params).values()))
    return SvmRecord(
        schema_version=SvmRecord.current,
        key=run.key,
        **expected.svm_fields(run, params),
        support_vectors=[5] * 10,
        converged=True,
        kernel_values="precomputed",
        temperature=0.5,
        train_accuracy=1.0,
        **evaluations,
    )


@pytest.fixture
def baseline(params, evaluations):
    """The record of another classifier as it should be."""
    run = next(iter(baseline_runs(params).values()))
    return BaselineRecord(
        schema_version=BaselineRecord.current,
        key=run.key,
        **expected.baseline_fields(run, params),
        stored=7850,
        converged=True,
        temperature=None,
        train_accuracy=1.0,
        **evaluations,
    )


def edit(record, *path, to):
    """A copy of a record with another value at a place such as `"milestones", 0, "test", "accuracy"`."""
    content = record.model_dump()
    *way, last = path
    inner = content
    for part in way:
        inner = inner[part]
    inner[last] = to
    return type(record).model_validate(content)
