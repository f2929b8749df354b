"""Networks, trained by gradient descent."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from gridpress.config.dataset import Dataset
from gridpress.config.params import Params
from gridpress.data.loading import Labels
from gridpress.data.splits import Splits
from gridpress.families.consistency import contradictions_of_test, no_share, other_parameters
from gridpress.families.family import Family, Rate, Tested
from gridpress.messages import counted
from gridpress.networks import names
from gridpress.study import expected
from gridpress.study.grid import CONFIGURATION, TrainRun, named_axes, train_runs, varied_axes
from gridpress.study.records.runs import Epoch, TrainRecord
from gridpress.study.records.timings import TrainTiming

STATES = {"sgd": 2, "adam": 3}  # numbers that a checkpoint holds per parameter
FLOAT = 4  # bytes

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
    run = "training run"
    seeded = True
    record, timing = TrainRecord, TrainTiming

    def runs(self, params: Params) -> Mapping[str, TrainRun]:
        return train_runs(params)

    def work(self, params: Params) -> str:
        train = params.train
        left_out = f" ({train.left_out})" if train.left_out else ""
        return f"{counted(len(self.runs(params)), 'run')} of {counted(train.epochs, 'epoch')}{left_out}"

    def repetitions(self, params: Params) -> int:
        return len(params.train.grid.seed)

    def expected(self, run: TrainRun, params: Params) -> dict[str, Any]:
        return expected.train_fields(run, params)

    def classifier(self, of: TrainRun | TrainRecord) -> str:
        return of.model

    def configuration(self, of: TrainRun | TrainRecord) -> tuple[Any, ...]:
        return tuple(getattr(of, axis) for axis in CONFIGURATION)

    def place(self, key: str) -> str:
        return key.rpartition("-")[0]

    def settings(self, of: TrainRun | TrainRecord, params: Params) -> dict[str, Any]:
        return {axis: getattr(of, axis) for axis in named_axes(params)}

    def experiment(self, run: TrainRun, params: Params) -> str:
        """The study with this one configuration in its grid; what does not vary needs no word."""
        settings = [f"-S 'datasets=[{run.dataset}]'"]
        settings += [f"-S 'train.grid.{axis}=[{getattr(run, axis)}]'" for axis in varied_axes(params)]
        return " ".join(["dvc exp run", *settings])

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

    def curve(self, record: TrainRecord) -> Sequence[Epoch]:
        return record.history

    def faults(
        self, record: TrainRecord, run: TrainRun, params: Params, labels: Labels, splits: Splits
    ) -> Iterator[str]:
        settings = params.train
        yield from other_parameters(record, self.expected(run, params))
        epochs = [epoch.epoch for epoch in record.history]
        ended = record.diverged_at_epoch
        length = settings.epochs if ended is None else ended - 1
        if epochs != list(range(1, length + 1)):
            yield f"history holds the epochs {epochs}, not those from 1 to {length}"
        for epoch in record.history:
            where = f"history, epoch {epoch.epoch}: "
            if epoch.loss < 0:
                yield f"{where}loss is {epoch.loss}"
            yield from no_share(f"{where}train_accuracy", epoch.train_accuracy, len(splits.train_eval))
            yield from no_share(
                f"{where}validation_accuracy", epoch.validation_accuracy, len(splits.validation)
            )
        tested = [milestone.epoch for milestone in record.milestones]
        if tested != (due := [epoch for epoch in settings.test_epochs if epoch <= length]):
            yield f"milestones holds the epochs {tested}, not {due}"
        history = {epoch.epoch: epoch for epoch in record.history}
        for milestone in record.milestones:
            where = f"milestones, epoch {milestone.epoch}: "
            for name in ("train_accuracy", "validation_accuracy"):
                value, other = getattr(milestone, name), getattr(history.get(milestone.epoch), name, None)
                if value != other:
                    yield f"{where}{name} is {value}, in history it is {other}"
            for fault in contradictions_of_test(
                milestone.test_accuracy, milestone.misclassified, labels, splits.test
            ):
                yield where + fault

    def size_of(self, record: TrainRecord) -> int:
        return record.parameters

    def stored(self, record: TrainRecord, dataset: Dataset) -> int:  # noqa: ARG002
        return record.parameters

    def real_size(self, record: TrainRecord, dataset: Dataset) -> int:
        return _parameters(record.model, record.channels, len(dataset.classes))

    def checkpoint(self, run: TrainRun, params: Params) -> int:
        if params.train.epochs == 1:
            return 0
        return FLOAT * STATES[run.optimizer] * round(names.NETWORKS[run.model] * 1e6)

    def training_seconds(self, timing: TrainTiming, epoch: int | None) -> float:
        spent = timing.training_seconds[:epoch]
        return sum(spent) if len(spent) == epoch else math.nan

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


@cache
def _parameters(model: str, channels: int, classes: int) -> int:
    from gridpress.networks import torchvision  # noqa: PLC0415  # seconds

    return torchvision.parameter_count(torchvision.build(model, channels, classes, seed=0))


NETWORKS = Networks()
