"""The times of runs, and where they ran."""

from __future__ import annotations

from pydantic import Field

from gridpress.study.records.base import Count, Record, Seconds
from gridpress.system.clock import Clock
from gridpress.system.machine import Machine


class TrainTiming(Record):
    """Seconds of a training run, and where it ran."""

    current = 2
    named_by = "key"
    key: str
    clock: Clock = Field(description="processor time of the run's one thread, or wall time")
    training_seconds: list[Seconds] = Field(description="one value per epoch, optimisation only")
    evaluation_seconds: list[Seconds] = Field(description="one value per epoch")
    resumed_at_epoch: Count | None
    machine: Machine


class ClassicalTiming(Record):
    """Seconds of a classifier of scikit-learn, and where it ran."""

    current = 2
    named_by = "key"
    key: str
    clock: Clock = Field(description="processor time of the one thread that fits and predicts")
    fit_seconds: Seconds
    predict_seconds: Seconds = Field(description="validation and test images")
    machine: Machine
