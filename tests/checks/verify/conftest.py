"""Records and a machine as the verification sees them."""

from __future__ import annotations

import numpy as np
import pytest

from gridpress.networks import torchvision
from gridpress.study import expected
from gridpress.study.grid import svm_runs, train_runs
from gridpress.study.records.runs import SvmRecord, TrainRecord
from gridpress.system.machine import describe


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
def wrong(images, splits):
    """The first six test images, each taken for the class after its own."""
    index = np.sort(splits.test[:6])
    return {"index": index.tolist(), "predicted": [int(images.labels[i] + 1) % 10 for i in index]}


@pytest.fixture
def network(params, wrong):
    """The record of a training run as it should be."""
    run = next(iter(train_runs(params).values()))
    accuracies = {"train_accuracy": 0.95, "validation_accuracy": 0.9}
    return TrainRecord(
        schema_version=TrainRecord.current,
        key=run.key,
        **expected.train_fields(run, params) | {"device": "cpu"},
        parameters=torchvision.parameter_count(torchvision.build(run.model, params.train.channels, 10, 0)),
        diverged_at_epoch=None,
        history=[{"epoch": epoch, "loss": 1 / epoch, **accuracies} for epoch in (1, 2)],
        milestones=[
            {"epoch": epoch, **accuracies, "test_accuracy": 0.9, "misclassified": wrong} for epoch in (1, 2)
        ],
    )


@pytest.fixture
def svm(params, wrong):
    """The record of a support vector machine as it should be."""
    run = next(iter(svm_runs(params).values()))
    return SvmRecord(
        schema_version=SvmRecord.current,
        key=run.key,
        **expected.svm_fields(run, params),
        train_accuracy=1.0,
        validation_accuracy=0.9,
        test_accuracy=0.9,
        support_vectors=[5] * 10,
        converged=True,
        kernel_values="precomputed",
        misclassified=wrong,
    )


def edit(record, *path, to):
    """A copy of a record with another value at a place such as `"milestones", 0, "test_accuracy"`."""
    content = record.model_dump()
    *way, last = path
    inner = content
    for part in way:
        inner = inner[part]
    inner[last] = to
    return type(record).model_validate(content)
