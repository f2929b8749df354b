"""What is to be timed: networks crossed with optimizers, batch sizes and targets, and SVMs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Generic, Literal, NamedTuple, TypeVar

from gridpress.config.hardware import Measure, Target
from gridpress.config.values import NetworkName, OptimizerName

Phase = Literal["training", "inference"]
Axis = Literal["samples", "pixels"]
T = TypeVar("T")

# fp32 on one CPU thread: what losses, and speedups in the report, are held against
REFERENCE = Target(device="cpu", precision="fp32", threads=1, memory_format="contiguous")


@dataclass(frozen=True)
class Case:
    """A network at work on a target: a training step with an optimizer, an inference batch without."""

    model: NetworkName
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


class SvmCase(NamedTuple):
    """An SVM fitted with the kernel that scikit-learn computes, or as the study does."""

    way: Literal["own", "study"]
    samples: int
    image_size: int


@dataclass(frozen=True)
class Sweep(Generic[T]):
    """Cases that differ in one size only.

    `axis` is what grows: images (of a step or a fit), or pixels of an image; `held` is the other.
    """

    axis: Axis
    sizes: list[int]
    held: int
    cases: list[T]


def grid(settings: Measure, targets: Iterable[str]) -> list[Case]:
    """The cases that the report compares, on the targets named."""
    works = [*settings.optimizers, None]
    axes = product(settings.models, works, settings.batch_sizes, targets)
    return [Case(model, work, batch, settings.image_size, target) for model, work, batch, target in axes]


def sweeps(settings: Measure, target: str) -> list[Sweep[Case]]:
    """Training steps of the first network and optimizer against batch size and against pixels."""
    model, optimizer, batch = settings.models[0], settings.optimizers[0], settings.batch_sizes[0]
    batches, sides = settings.scaling.batch_sizes, settings.scaling.image_sizes
    side = settings.image_size
    by_batch = [Case(model, optimizer, size, side, target) for size in batches]
    by_pixels = [Case(model, optimizer, batch, size, target) for size in sides]
    return [
        Sweep("samples", list(batches), side**2, by_batch),
        Sweep("pixels", [size**2 for size in sides], batch, by_pixels),
    ]


def svm_sweeps(settings: Measure, side: int) -> list[Sweep[SvmCase]]:
    """scikit-learn's own fit against the number of images, and of the most images against pixels.

    Args:
        settings: numbers of images, and sides in pixels.
        side: of the images as the study fits them, in pixels.
    """
    counts, sides = settings.scaling.svm_samples, settings.scaling.svm_image_sizes
    by_count = [SvmCase("own", count, side) for count in counts]
    by_pixels = [SvmCase("own", counts[-1], size) for size in sides]
    return [
        Sweep("samples", list(counts), side**2, by_count),
        Sweep("pixels", [size**2 for size in sides], counts[-1], by_pixels),
    ]


def svm_cases(settings: Measure, side: int) -> list[SvmCase]:
    """All fits, each once; the last is the study's, of as many images as the largest of the others."""
    swept = [case for sweep in svm_sweeps(settings, side) for case in sweep.cases]
    return [*dict.fromkeys(swept), SvmCase("study", settings.scaling.svm_samples[-1], side)]
