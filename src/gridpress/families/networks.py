"""Networks, trained by gradient descent."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from gridpress.config.dataset import Dataset
from gridpress.config.params import Params
from gridpress.config.recipes import Recipe
from gridpress.config.values import METRICS
from gridpress.data.loading import Labels
from gridpress.data.splits import Splits
from gridpress.errors import InputError
from gridpress.families.consistency import contradictions, no_share, other_parameters
from gridpress.families.family import Family, Rate, Tested
from gridpress.families.network_titles import title
from gridpress.families.run_stage import Member
from gridpress.messages import counted
from gridpress.networks.building.architecture import Architecture
from gridpress.study import expected
from gridpress.study.grid import CONFIGURATION, TrainRun, named_axes, train_runs, varied_axes
from gridpress.study.project import Project
from gridpress.study.records.runs import Epoch, Milestone, TrainRecord
from gridpress.study.records.timings import TrainTiming
from gridpress.training.early_stopping import best_epoch
from gridpress.training.milestones import tested_at
from gridpress.training.setup import Setup

STATES = {"sgd": 2, "adam": 3}  # numbers that a checkpoint holds per parameter
FLOAT = 4  # bytes


class Unit(NamedTuple):
    """What the time of a training step depends on; what comes first counts most."""

    model: str
    stem: str
    precision: str
    batch_size: int
    channels: int
    image_size: int
    augmented: bool


class Networks(Family[TrainRun, TrainRecord, TrainTiming]):
    """torchvision's networks and our own, one record per training run."""

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
        """The study with this one configuration in its grid and no learning curves.

        What does not vary, or is not asked for anyway, needs no word.
        """
        settings = [f"-S 'datasets=[{run.dataset}]'"]
        settings += [f"-S 'train.grid.{axis}=[{getattr(run, axis)}]'" for axis in varied_axes(params)]
        settings += [f"-S 'learning_curve.{key}=[]'" for key, values in params.learning_curve if values]
        return " ".join(["dvc exp run", *settings])

    def title(self, classifier: str) -> str:
        return title(classifier)

    def phrase(self, classifier: str) -> str:
        return self.title(classifier)

    def tested(self, record: TrainRecord) -> Sequence[Tested]:
        """With early stopping the epoch that it kept, as the state after as many epochs as there may be."""
        if record.stopped is not None:
            trained = len(record.history)
            return [Tested(record.epochs, trained, m.validation, m.test, m.epoch) for m in record.milestones]
        return [Tested(m.epoch, m.epoch, m.validation, m.test) for m in record.milestones]

    def diverged(self, record: TrainRecord) -> bool:
        return record.diverged_at_epoch is not None

    def curve(self, record: TrainRecord) -> Sequence[Epoch]:
        return record.history

    def faults(
        self, record: TrainRecord, run: TrainRun, params: Params, labels: Labels, splits: Splits
    ) -> Iterator[str]:
        settings, recipe = params.train, params.recipes[run.recipe]
        yield from other_parameters(record, self.expected(run, params))
        epochs = [epoch.epoch for epoch in record.history]
        ended = record.diverged_at_epoch
        length = settings.epochs if ended is None else ended - 1
        stopped = None
        if recipe.early_stopping != "none":
            stopped = best_epoch(recipe.early_stopping, [vars(epoch) for epoch in record.history])
            length = min(length, (stopped or 0) + recipe.early_stopping.patience)
        if epochs != list(range(1, length + 1)):
            yield f"history holds the epochs {epochs}, not those from 1 to {length}"
        if record.stopped != stopped:
            yield f"stopped is {record.stopped}, by history it is {stopped}"
        for epoch in record.history:
            where = f"history, epoch {epoch.epoch}: "
            if epoch.loss < 0:
                yield f"{where}loss is {epoch.loss}"
            yield from no_share(f"{where}train_accuracy", epoch.train_accuracy, len(splits.train_eval))
            yield from no_share(
                f"{where}validation_accuracy", epoch.validation_accuracy, len(splits.validation)
            )
        due = [epoch for epoch in tested_at(settings, recipe) if epoch <= length]
        due = due if recipe.early_stopping == "none" else [stopped] if stopped else []
        if (tested := [milestone.epoch for milestone in record.milestones]) != due:
            yield f"milestones holds the epochs {tested}, not {due}"
        classes = len(params.dataset(run.dataset).classes)
        for milestone in record.milestones:
            where = f"milestones, epoch {milestone.epoch}: "
            yield from _unlike_history(where, milestone, record)
            for name in ("validation", "test"):
                found, index = getattr(milestone, name), getattr(splits, name)
                yield from contradictions(f"{where}{name}", found, labels, index, classes)

    def compute_member(
        self, member: Member, project: Project, show: Any, name: str
    ) -> tuple[TrainRecord, TrainTiming]:
        return self.compute()(project, member.params, member.run.key, show, name)

    def size_of(self, record: TrainRecord) -> int:
        return record.parameters

    def stored(self, record: TrainRecord, dataset: Dataset) -> int:  # noqa: ARG002
        return record.parameters

    def real_size(self, record: TrainRecord, dataset: Dataset) -> int:
        size = record.channels, len(dataset.classes), record.image_size
        return _parameters(Architecture(record.model, *size, record.recipe_settings.stem))

    def checkpoint(self, run: TrainRun, params: Params) -> int:
        if params.train.epochs == 1:
            return 0
        wanted = Setup.of(run, params).architecture(len(params.dataset(run.dataset).classes))
        return FLOAT * STATES[run.optimizer] * _parameters(wanted)

    def training_seconds(self, timing: TrainTiming, epoch: int | None) -> float:
        spent = timing.training_seconds[:epoch]
        return sum(spent) if len(spent) == epoch else math.nan

    def memory(self, params: Params) -> int:  # noqa: ARG002
        return 0

    def impossible(self, params: Params, root: Path) -> Iterator[str]:
        """Networks that take no images of the study's size, and files of weights that are not there."""
        from gridpress.networks.building.objection import objection  # noqa: PLC0415  # seconds

        setups = [Setup.of(run, params) for run in self.runs(params).values()]
        for recipe, setup in {setup.run.recipe: setup for setup in setups}.items():
            try:
                setup.weights_file(root)
            except InputError as error:
                yield f"params.yaml: recipes.{recipe}.weights: {error}"
        seen = set()
        for setup in setups:
            dataset, recipe = setup.run.dataset, setup.run.recipe
            wanted = setup.architecture(len(params.dataset(dataset).classes))
            if wanted not in seen and (reason := objection(wanted)) is not None:
                yield f"params.yaml: train.grid.model: {reason} (dataset {dataset}, recipe {recipe})"
            seen.add(wanted)

    def rate(self, record: TrainRecord, timing: TrainTiming) -> Rate | None:
        """Seconds per training image and epoch."""
        epochs = len(timing.training_seconds)
        if not epochs:
            return None
        seconds = sum(timing.training_seconds) + sum(timing.evaluation_seconds)
        unit = _unit(record, record.recipe_settings, record.channels, record.image_size)
        return Rate(unit, seconds / epochs / record.train_samples)

    def seconds(self, run: TrainRun, params: Params, rates: Mapping[tuple[Any, ...], float]) -> float | None:
        """As long per image and epoch as the most similar run of the network, in proportion to the pixels."""
        settings = params.train
        unit = _unit(run, params.recipes[run.recipe], settings.channels, settings.image_size)
        known = [Unit(*other) for other in rates if Unit(*other).model == unit.model]
        if not known:
            return None
        nearest = min(known, key=lambda other: [mine != its for mine, its in zip(unit, other, strict=True)])
        rate = rates[nearest] * (unit.image_size / nearest.image_size) ** 2
        return rate * settings.epochs * params.used(run.dataset)["train"]


def _unit(of: TrainRun | TrainRecord, recipe: Recipe, channels: int, image_size: int) -> Unit:
    augmented = recipe.augmentation != "none"
    return Unit(of.model, recipe.stem, of.precision, of.batch_size, channels, image_size, augmented)


def _unlike_history(where: str, milestone: Milestone, record: TrainRecord) -> Iterator[str]:
    epoch = next((epoch for epoch in record.history if epoch.epoch == milestone.epoch), None)
    pairs = [("train_accuracy", milestone.train_accuracy)]
    pairs += [(f"validation_{metric}", milestone.validation.value(metric)) for metric in METRICS]
    for name, value in pairs:
        if value != (other := getattr(epoch, name, None)):
            yield f"{where}{name} is {value}, in history it is {other}"


@cache
def _parameters(wanted: Architecture) -> int:
    from gridpress.networks.building import build  # noqa: PLC0415  # seconds

    return build.parameter_count(wanted)


NETWORKS = Networks()
