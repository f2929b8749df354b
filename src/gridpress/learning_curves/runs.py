"""The runs of learning curves that params.yaml asks for, named as DVC names the entries of a matrix."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from gridpress.config.params import Params


@dataclass(frozen=True)
class NetworkRun:
    """The chosen configuration of a network, with a fraction of the training images."""

    dataset: str
    model: str
    fraction: float
    seed: int

    @property
    def key(self) -> str:
        return "-".join(str(value) for value in vars(self).values())


@dataclass(frozen=True)
class ClassicalRun:
    """All chosen classifiers of scikit-learn, with a fraction of the training images."""

    dataset: str
    fraction: float

    @property
    def key(self) -> str:
        return f"{self.dataset}-{self.fraction}"


@dataclass(frozen=True)
class SaturationRun:
    """The chosen network of a dataset, with all training images and a number of epochs of its own."""

    dataset: str
    epochs: int

    @property
    def key(self) -> str:
        return f"{self.dataset}-{self.epochs}"


def network_runs(params: Params) -> dict[str, NetworkRun]:
    """By key."""
    grid = params.train.grid
    axes = params.datasets, grid.model, params.learning_curve.fractions, grid.seed
    return {run.key: run for run in (NetworkRun(*values) for values in product(*axes))}


def classical_runs(params: Params) -> dict[str, ClassicalRun]:
    """By key."""
    pairs = product(params.datasets, params.learning_curve.fractions)
    return {run.key: run for run in (ClassicalRun(*values) for values in pairs)}


def saturation_runs(params: Params) -> dict[str, SaturationRun]:
    """By key."""
    pairs = product(params.datasets, params.learning_curve.epochs)
    return {run.key: run for run in (SaturationRun(*values) for values in pairs)}
