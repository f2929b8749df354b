"""Networks, trained by gradient descent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from gridpress.config.dataset import Dataset
from gridpress.config.params import Params
from gridpress.families.family import Family, Rate, Tested
from gridpress.messages import counted
from gridpress.study import expected
from gridpress.study.grid import CONFIGURATION, TrainRun, train_runs
from gridpress.study.records.runs import TrainRecord
from gridpress.study.records.timings import TrainTiming

# How names of torchvision are written in papers; others are shown as they are.
TITLES = (
    (r"resnet(\d+)", r"ResNet-\1"),
    (r"wide_resnet(\d+)_2", r"Wide ResNet-\1-2"),
    (r"resnext(\d+)_(\d+x\d+d)", r"ResNeXt-\1 \2"),
    (r"vgg(\d+)_bn", r"VGG-\1-BN"),
    (r"vgg(\d+)", r"VGG-\1"),
    (r"densenet(\d+)", r"DenseNet-\1"),
    (r"mobilenet_v2", "MobileNetV2"),
    (r"mobilenet_v3_(\w)(\w+)", "MobileNetV3-{}"),
    (r"efficientnet_b(\d)", r"EfficientNet-B\1"),
    (r"convnext_(\w)(\w+)", "ConvNeXt-{}"),
    (r"squeezenet(\d)_(\d)", r"SqueezeNet \1.\2"),
    (r"alexnet", "AlexNet"),
    (r"googlenet", "GoogLeNet"),
)


class Unit(NamedTuple):
    """What the time of a training step depends on; what comes first counts most."""

    model: str
    precision: str
    batch_size: int
    channels: int
    image_size: int


class Networks(Family[TrainRun, TrainRecord, TrainTiming]):
    """torchvision's networks, one record per training run."""

    stage = "train"
    singular, plural = "network", "networks"
    size = "parameters"
    seeded = True
    record, timing = TrainRecord, TrainTiming

    def runs(self, params: Params) -> Mapping[str, TrainRun]:
        return train_runs(params)

    def work(self, params: Params) -> str:
        train = params.train
        left_out = f" ({train.left_out})" if train.left_out else ""
        return f"{counted(len(self.runs(params)), 'run')} of {counted(train.epochs, 'epoch')}{left_out}"

    def expected(self, run: TrainRun, params: Params) -> dict[str, Any]:
        return expected.train_fields(run, params)

    def classifier(self, of: TrainRun | TrainRecord) -> str:
        return of.model

    def configuration(self, of: TrainRun | TrainRecord) -> tuple[Any, ...]:
        return tuple(getattr(of, axis) for axis in CONFIGURATION)

    def title(self, classifier: str) -> str:
        for pattern, title in TITLES:
            if match := re.fullmatch(pattern, classifier):
                return (
                    match.expand(title)
                    if "{}" not in title
                    else title.format("".join(match.groups()).capitalize())
                )
        return classifier

    def phrase(self, classifier: str) -> str:
        return self.title(classifier)

    def tested(self, record: TrainRecord) -> Sequence[Tested]:
        return [
            Tested(
                m.epoch,
                m.validation_accuracy,
                m.test_accuracy,
                m.misclassified,
                record.val_samples,
                record.test_samples,
            )
            for m in record.milestones
        ]

    def diverged(self, record: TrainRecord) -> bool:
        return record.diverged_at_epoch is not None

    def size_of(self, record: TrainRecord) -> int:
        return record.parameters

    def stored(self, record: TrainRecord, dataset: Dataset) -> int:  # noqa: ARG002
        return record.parameters

    def memory(self, params: Params) -> int:  # noqa: ARG002
        return 0

    def rate(self, record: TrainRecord, timing: TrainTiming) -> Rate | None:
        """Seconds per training image and epoch."""
        epochs = len(timing.training_seconds)
        if not epochs:
            return None
        seconds = sum(timing.training_seconds) + sum(timing.evaluation_seconds)
        unit = Unit(record.model, record.precision, record.batch_size, record.channels, record.image_size)
        return Rate(unit, seconds / epochs / record.train_samples)

    def seconds(self, run: TrainRun, params: Params, rates: Mapping[tuple[Any, ...], float]) -> float | None:
        """As long per image and epoch as the most similar run of the network, in proportion to the pixels."""
        settings = params.train
        unit = Unit(run.model, run.precision, run.batch_size, settings.channels, settings.image_size)
        known = [Unit(*other) for other in rates if Unit(*other).model == unit.model]
        if not known:
            return None
        nearest = min(known, key=lambda other: [mine != its for mine, its in zip(unit, other, strict=True)])
        rate = rates[nearest] * (unit.image_size / nearest.image_size) ** 2
        return rate * settings.epochs * params.used(run.dataset)["train"]


NETWORKS = Networks()
