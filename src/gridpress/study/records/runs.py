"""The results of runs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from gridpress.config.optimizers import Adam, Sgd
from gridpress.config.svm import SvmConfig
from gridpress.config.values import DataMemory, Name, OptimizerName, Precision
from gridpress.study.records.base import Count, Label, Record, RecordPart, Share, SplitSizes


class Predictions(RecordPart):
    """The test images that a classifier got wrong: index among the pooled images, and its answer."""

    index: list[Count]
    predicted: list[Label]

    @model_validator(mode="after")
    def _belong_together(self) -> Predictions:
        if len(self.index) != len(self.predicted):
            raise ValueError(f"{len(self.index)} images, but {len(self.predicted)} answers")
        return self


class Epoch(RecordPart):
    """State at the end of one epoch."""

    epoch: Count
    loss: float = Field(description="mean cross-entropy over the epoch's training images, nats")
    train_accuracy: Share
    validation_accuracy: Share


class Milestone(RecordPart):
    """What is kept at an epoch of `Train.test_epochs`."""

    epoch: Count
    train_accuracy: Share
    validation_accuracy: Share
    test_accuracy: Share
    misclassified: Predictions


class RunRecord(Record):
    """The result of a run, of whatever kind of classifier."""

    named_by = "key"
    key: str
    dataset: Name


class TrainRecord(RunRecord):
    """One training run."""

    current = 2
    model: Name
    batch_size: Count
    optimizer: OptimizerName
    learning_rate: float
    precision: Precision
    data_memory: DataMemory
    seed: Count
    epochs: Count
    image_size: Count
    channels: Count
    threads: Count
    device: Literal["cpu", "cuda", "mps"]
    optimizer_settings: Sgd | Adam
    parameters: Count
    data_seed: Count
    split_sizes: SplitSizes
    train_samples: Count
    train_eval_samples: Count
    val_samples: Count
    test_samples: Count
    diverged_at_epoch: Count | None
    milestones: list[Milestone]
    history: list[Epoch]  # last: `dvc plots` lays lists over one another, and this is the one to see


class SvmRecord(RunRecord):
    """One support vector machine."""

    current = 2
    name: Name
    config: SvmConfig
    scaling: str
    max_iter: int
    data_seed: Count
    split_sizes: SplitSizes
    train_samples: Count
    val_samples: Count
    test_samples: Count
    train_accuracy: Share
    validation_accuracy: Share
    test_accuracy: Share
    support_vectors: list[Count] = Field(description="number per class")
    converged: bool
    kernel_values: Literal["precomputed", "on demand"] = Field(
        description="all from one matrix product, or each by libsvm when it needs it"
    )
    misclassified: Predictions
