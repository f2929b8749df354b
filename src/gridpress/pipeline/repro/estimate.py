"""How long stages will take, as far as the timings of earlier runs tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from statistics import median
from typing import Generic, NamedTuple, TypeVar

from pydantic import BaseModel

from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.study.grid import SvmRun, TrainRun, svm_runs, train_runs
from gridpress.study.project import Project
from gridpress.study.records.runs import SvmRecord, TrainRecord
from gridpress.study.records.store import load
from gridpress.study.records.timings import SvmTiming, TrainTiming
from gridpress.system.machine import Machine

R = TypeVar("R", bound=BaseModel)
T = TypeVar("T", bound=BaseModel)


class TrainUnit(NamedTuple):
    """What a training step's time depends on."""

    model: str
    precision: str
    batch_size: int
    channels: int
    image_size: int


Unit = tuple[object, ...]
U = TypeVar("U")


class Rates(Generic[U]):
    """How fast each unit was computed, on one kind of machine and on any."""

    def __init__(self, kind: str | None) -> None:
        self.kind = kind
        self.there: dict[U, list[float]] = defaultdict(list)
        self.all: dict[U, list[float]] = defaultdict(list)

    def add(self, unit: U, machine: Machine, rate: float) -> None:
        self.all[unit].append(rate)
        if machine.kind == self.kind:
            self.there[unit].append(rate)

    def medians(self) -> dict[U, float]:
        return {unit: median(self.there.get(unit, rates)) for unit, rates in self.all.items()}


def estimates(
    project: Project, params: Params, names: Iterable[str], machine: str | None
) -> dict[str, float | None]:
    """Seconds of each stage, or None where no earlier run says anything of it.

    Of the runs that tell most, those count that were timed on one kind of machine, `Machine.kind`, if there are any,
    else or for None those of all machines. A training run takes as long per image and epoch as runs of the same network, batch size, precision, image
    size and channels did, or else as the most similar run of the same network, in proportion to the pixels; an
    SVM grows with the square of the training images.
    """
    training, machines = _training_rates(project, machine), _svm_rates(project, machine)
    trains, svms = train_runs(params), svm_runs(params)

    def estimate(name: str) -> float | None:
        kind, _, key = name.partition("@")
        if kind == "train" and key in trains:
            unit = _train_unit(trains[key], params.train.image_size, params.train.channels)
            rate = _similar(unit, training)
            return (
                None
                if rate is None
                else rate * params.train.epochs * params.used(trains[key].dataset)["train"]
            )
        if kind == "svm" and key in svms:
            rate = machines.get(_svm_unit(svms[key]))
            return None if rate is None else rate * params.used(svms[key].dataset)["train"] ** 2
        return None

    return {name: estimate(name) for name in names}


def longest_first(names: Iterable[str], seconds: dict[str, float | None]) -> list[str]:
    """An order that leaves no core idle at the end: unknown ones first, as they may be long."""
    return sorted(names, key=lambda name: -(seconds[name] if seconds[name] is not None else float("inf")))  # type: ignore[operator]


def makespan(names: Iterable[str], seconds: dict[str, float | None], jobs: int) -> float | None:
    """Seconds until all are done with so many at once, or None if one is unknown."""
    each = [seconds[name] for name in names]
    known = [value for value in each if value is not None]
    if len(known) < len(each):
        return None
    return max([sum(known) / jobs, *known], default=0.0)


def _training_rates(project: Project, machine: str | None) -> dict[TrainUnit, float]:
    """Seconds per training image and epoch."""
    rates: Rates[TrainUnit] = Rates(machine)
    for record, timing in _pairs(project, "train", TrainRecord, TrainTiming):
        epochs = len(timing.training_seconds)
        if epochs:
            seconds = sum(timing.training_seconds) + sum(timing.evaluation_seconds)
            unit = _train_unit(record, record.image_size, record.channels)
            rates.add(unit, timing.machine, seconds / epochs / record.train_samples)
    return rates.medians()


def _svm_rates(project: Project, machine: str | None) -> dict[Unit, float]:
    """Seconds per squared number of training images."""
    rates: Rates[Unit] = Rates(machine)
    for record, timing in _pairs(project, "svm", SvmRecord, SvmTiming):
        seconds = timing.fit_seconds + timing.predict_seconds
        rates.add(_svm_unit(record), timing.machine, seconds / record.train_samples**2)
    return rates.medians()


def _train_unit(run: TrainRun | TrainRecord, image_size: int, channels: int) -> TrainUnit:
    return TrainUnit(run.model, run.precision, run.batch_size, channels, image_size)


def _similar(unit: TrainUnit, rates: dict[TrainUnit, float]) -> float | None:
    """The rate of the unit, or what that of the most similar one suggests."""
    known = [other for other in rates if other.model == unit.model]
    if not known:
        return None
    # what differs first counts most
    nearest = min(known, key=lambda other: [mine != its for mine, its in zip(unit, other, strict=True)])
    return rates[nearest] * (unit.image_size / nearest.image_size) ** 2


def _svm_unit(run: SvmRun | SvmRecord) -> Unit:
    return run.config.kernel, run.config.degree


def _pairs(project: Project, kind: str, record: type[R], timing: type[T]) -> Iterable[tuple[R, T]]:
    for path in sorted((project.metrics / "timing" / kind).glob("*.json")):
        try:
            yield load(record, project.record(kind, path.stem)), load(timing, path)
        except GridpressError:  # a stage whose record is gone or broken tells nothing
            continue
