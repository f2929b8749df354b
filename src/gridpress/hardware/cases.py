"""What is to be timed: every target of params.yaml crossed with networks, optimizers and batch sizes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Literal

from gridpress.params import Measure, OptimizerName

Phase = Literal["training", "inference"]


@dataclass(frozen=True)
class Case:
    """A network at work on a target: a training step with an optimizer, an inference batch without."""

    model: str
    optimizer: OptimizerName | None
    batch_size: int
    image_size: int
    target: str

    @property
    def phase(self) -> Phase:
        return "inference" if self.optimizer is None else "training"

    def __str__(self) -> str:
        work = self.optimizer or "inference"
        return f"{self.model} {work} batch {self.batch_size} {self.image_size} px on {self.target}"


@dataclass(frozen=True)
class Sweep:
    """Cases that differ in one size only: `axis` is what grows."""

    axis: Literal["samples", "pixels"]
    cases: list[Case]

    @property
    def sizes(self) -> list[int]:
        """Images in a step, or pixels in an image."""
        if self.axis == "samples":
            return [case.batch_size for case in self.cases]
        return [case.image_size**2 for case in self.cases]


def grid(settings: Measure, targets: Iterable[str]) -> list[Case]:
    """The cases that the report compares, on the targets named."""
    works = [*settings.optimizers, None]
    axes = product(settings.models, works, settings.batch_sizes, targets)
    return [Case(model, work, batch, settings.image_size, target) for model, work, batch, target in axes]


def sweeps(settings: Measure, target: str) -> list[Sweep]:
    """Training steps of the first network and optimizer against batch size and against pixels."""
    model, optimizer, batch = settings.models[0], settings.optimizers[0], settings.batch_sizes[0]
    by_batch = [
        Case(model, optimizer, size, settings.image_size, target) for size in settings.scaling.batch_sizes
    ]
    by_pixels = [Case(model, optimizer, batch, size, target) for size in settings.scaling.image_sizes]
    return [Sweep("samples", by_batch), Sweep("pixels", by_pixels)]
