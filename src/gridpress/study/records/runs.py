"""The results of runs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from gridpress.config.baselines import Baseline
from gridpress.config.optimizers import Adam, Sgd
from gridpress.config.recipes import Recipe
from gridpress.config.svm import SvmConfig
from gridpress.config.values import DataMemory, Metric, Name, OptimizerName, Precision, Scaling
from gridpress.evaluation.reliability import BINS, Bins
from gridpress.study.records.base import Count, Label, Record, RecordPart, Share, SplitSizes


class Predictions(RecordPart):
    """The images of a split that a classifier got wrong: index among the pooled images, and its answer."""

    index: list[Count]
    predicted: list[Label]

    @model_validator(mode="after")
    def _belong_together(self) -> Predictions:
        if len(self.index) != len(self.predicted):
            raise ValueError(f"{len(self.index)} images, but {len(self.predicted)} answers")
        return self


class Reliability(RecordPart):
    """A reliability diagram of equal bins of confidence, as `evaluation.reliability.Bins`."""

    images: list[Count] = Field(min_length=BINS, max_length=BINS)
    correct: list[Count] = Field(min_length=BINS, max_length=BINS)
    confidence: list[Share] = Field(min_length=BINS, max_length=BINS)

    @property
    def bins(self) -> Bins:
        return Bins(self.images, self.correct, self.confidence)


class Evaluation(RecordPart):
    """The answers of a classifier to the images of a split, as `evaluation.evaluate` gives them."""

    images: Count
    accuracy: Share
    balanced_accuracy: Share = Field(description="mean recall of the classes: macro recall")
    macro_precision: Share
    macro_f1: Share
    log_loss: float = Field(ge=0, description="nats")
    misclassified: Predictions
    reliability: Reliability

    def value(self, metric: Metric) -> float:
        """Of one of the metrics that configurations are chosen by."""
        return float(getattr(self, metric))


class Epoch(RecordPart):
    """State at the end of one epoch."""

    epoch: Count
    loss: float = Field(description="mean over the epoch's training images of what is minimised, nats")
    train_accuracy: Share
    validation_accuracy: Share
    validation_balanced_accuracy: Share
    validation_macro_f1: Share
    validation_log_loss: float = Field(ge=0, description="nats")


class Milestone(RecordPart):
    """What is kept at an epoch of `milestones.tested_at`, or at the one that early stopping keeps."""

    epoch: Count
    train_accuracy: Share
    validation: Evaluation
    test: Evaluation


class RunRecord(Record):
    """The result of a run, of whatever kind of classifier."""

    named_by = "key"
    key: str
    dataset: Name


class TrainRecord(RunRecord):
    """One training run."""

    current = 3
    model: Name
    batch_size: Count
    optimizer: OptimizerName
    learning_rate: float
    precision: Precision
    data_memory: DataMemory
    recipe: Name
    seed: Count
    epochs: Count
    image_size: Count
    channels: Count
    threads: Count
    device: Literal["cpu", "cuda", "mps"]
    seeds: Literal["independent", "shared"]
    subset: Literal["shared", "own"]
    optimizer_settings: Sgd | Adam
    recipe_settings: Recipe
    parameters: Count
    data_seed: Count
    split_sizes: SplitSizes
    train_samples: Count
    train_eval_samples: Count
    val_samples: Count
    test_samples: Count
    diverged_at_epoch: Count | None
    stopped: Count | None = Field(description="the epoch that early stopping kept")
    milestones: list[Milestone]
    history: list[Epoch]  # last: `dvc plots` lays lists over one another, and this is the one to see


class SvmRecord(RunRecord):
    """One support vector machine."""

    current = 3
    name: Name
    config: SvmConfig
    scaling: Scaling
    max_iter: int
    data_seed: Count
    split_sizes: SplitSizes
    train_samples: Count
    val_samples: Count
    test_samples: Count
    support_vectors: list[Count] = Field(description="number per class")
    converged: bool
    kernel_values: Literal["precomputed", "on demand"] = Field(
        description="all from one matrix product, or each by libsvm when it needs it"
    )
    temperature: float = Field(gt=0, description="that decision values are divided by for probabilities")
    train_accuracy: Share
    validation: Evaluation
    test: Evaluation


class BaselineRecord(RunRecord):
    """One other classifier of scikit-learn."""

    name: Name
    config: Baseline
    seed: Count
    data_seed: Count
    split_sizes: SplitSizes
    train_samples: Count
    val_samples: Count
    test_samples: Count
    stored: Count = Field(description="numbers that the fitted classifier keeps")
    converged: bool
    temperature: float | None = Field(description="as an SVM's; null of one that gives probabilities")
    train_accuracy: Share
    validation: Evaluation
    test: Evaluation
