"""The runs that the parameters ask for, named as DVC names the entries of a matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from itertools import product
from typing import TypeVar

from gridpress.config.baselines import Baseline
from gridpress.config.params import Params
from gridpress.config.svm import SvmConfig
from gridpress.errors import InputError

Run = TypeVar("Run")


@dataclass(frozen=True)
class TrainRun:
    """One cell of the training grid: a dataset, and a value of each axis of `config.training.Grid`."""

    dataset: str
    model: str
    batch_size: int
    optimizer: str
    learning_rate: float
    precision: str
    data_memory: str
    recipe: str
    seed: int

    @property
    def key(self) -> str:
        """The name after `train@`: every axis value as Python prints it, as DVC joins them."""
        return "-".join(str(value) for value in vars(self).values())


# Every axis but the seed: runs that agree in these are repetitions of one another.
CONFIGURATION = [axis.name for axis in fields(TrainRun) if axis.name != "seed"]


def varied_axes(params: Params) -> list[str]:
    """Axes of the grid with more than one value, without the seed."""
    grid = params.train.grid
    return [axis for axis in CONFIGURATION[1:] if len(getattr(grid, axis)) > 1]


def named_axes(params: Params) -> list[str]:
    """The axes that tell the configurations of a network apart: study A's three, and others that vary."""
    varied = varied_axes(params)
    usual = ("batch_size", "optimizer", "learning_rate")
    return [axis for axis in CONFIGURATION[2:] if axis in usual or axis in varied]


@dataclass(frozen=True)
class SvmRun:
    """One support vector machine on one dataset."""

    dataset: str
    name: str
    config: SvmConfig

    @property
    def key(self) -> str:
        return f"{self.dataset}-{self.name}"


@dataclass(frozen=True)
class BaselineRun:
    """Another classifier of scikit-learn on one dataset."""

    dataset: str
    name: str
    config: Baseline

    @property
    def key(self) -> str:
        return f"{self.dataset}-{self.name}"


def train_runs(params: Params) -> dict[str, TrainRun]:
    """All training runs by key, in the order of the axes."""
    grid = params.train.grid
    axes = {"dataset": params.datasets, **{axis: getattr(grid, axis) for axis in type(grid).model_fields}}
    runs = (TrainRun(**dict(zip(axes, values, strict=True))) for values in product(*axes.values()))
    return {run.key: run for run in runs}


def svm_runs(params: Params) -> dict[str, SvmRun]:
    """All support vector machines by key."""
    pairs = product(params.datasets, params.svm.configs.items())
    runs = (SvmRun(dataset, name, config) for dataset, (name, config) in pairs)
    return {run.key: run for run in runs}


def baseline_runs(params: Params) -> dict[str, BaselineRun]:
    """All other classifiers of scikit-learn by key."""
    pairs = product(params.datasets, params.baseline.configs.items())
    runs = (BaselineRun(dataset, name, config) for dataset, (name, config) in pairs)
    return {run.key: run for run in runs}


def kind_of(name: str) -> str:
    """`train` of `train@mnist-resnet18-…`."""
    return name.partition("@")[0]


def key_of(name: str) -> str:
    """`mnist-resnet18-…` of `train@mnist-resnet18-…`; nothing of a stage that has no matrix."""
    return name.partition("@")[2]


def find(runs: Mapping[str, Run], key: str, stage: str) -> Run:
    """The run named `key`.

    Raises:
        InputError: params.yaml asks for no such run.
    """
    if key in runs:
        return runs[key]
    raise InputError(
        f"params.yaml asks for no {stage} run named {key!r}; "
        f"it asks for {len(runs)}, such as {next(iter(runs))}. `dvc stage list` prints them all."
    )
