"""What `results/NAME.json` holds, and the statistics of repeated measurements.

One file per benchmark: what is common to all (`Result`), and under `measured` what its module measures.
`published` is always the way of the published studies, `ours` that of Gridpress, both measured in turns in
the same run; a ratio says how many times as fast ours is. A file is written after every finished piece, so
one whose `finished` is false holds all that was measured until the benchmark was stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from gridpress.benchmark import spread
from gridpress.study.project import Project
from gridpress.study.records.base import Record, RecordPart, Share
from gridpress.system.machine import Machine

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 5  # the fewest from which an interval is given
SEED = 0  # of the order in which the ways take turns


@dataclass(frozen=True)
class Setup:
    """What a person asks of a benchmark.

    Attributes:
        project: the study whose parameters and data are used; nothing in it changes.
        quick: at toy size, to see whether it works; the figures mean nothing.
        repeats: instead of each benchmark's own number.
    """

    project: Project
    quick: bool = False
    repeats: int | None = None


class Estimate(RecordPart):
    """A value and its 95 % bootstrap interval (percentiles, whole rounds drawn)."""

    value: float
    low: float | None = Field(description=f"None where there are fewer than {REPEATS} repeats")
    high: float | None

    @classmethod
    def of(cls, make: Callable[..., spread.Estimate], *repeats: Sequence[float]) -> Estimate:
        """What `spread.median` or `spread.ratio` makes of repeats, six significant digits of each."""
        if len(repeats[0]) >= REPEATS:
            value, low, high = (spread.rounded(number) for number in make(*repeats))
            return cls(value=value, low=low, high=high)
        once = [[float(np.median(values))] * 2 for values in repeats]  # a bootstrap needs two
        return cls(value=spread.rounded(make(*once).value), low=None, high=None)


class Repeats(RecordPart):
    """The same quantity measured several times."""

    values: list[float] = Field(description="in the order measured")
    median: Estimate

    @classmethod
    def of(cls, values: Sequence[float]) -> Repeats:
        """Of at least one value."""
        return cls(
            values=[spread.rounded(value) for value in values], median=Estimate.of(spread.median, values)
        )


class Comparison(RecordPart):
    """Two ways to do the same, measured in the same rounds."""

    published: Repeats
    ours: Repeats
    ratio: Estimate = Field(description="of the medians; above 1 where ours is faster")

    @classmethod
    def of_rates(cls, published: Sequence[float], ours: Sequence[float]) -> Comparison:
        """Of images per second."""
        ratio = Estimate.of(spread.ratio, ours, published)
        return cls(published=Repeats.of(published), ours=Repeats.of(ours), ratio=ratio)

    @classmethod
    def of_seconds(cls, published: Sequence[float], ours: Sequence[float]) -> Comparison:
        """Of seconds for the same work."""
        ratio = Estimate.of(spread.ratio, published, ours)
        return cls(published=Repeats.of(published), ours=Repeats.of(ours), ratio=ratio)


class TrainingCase(RecordPart):
    """One network, optimizer and image size: the published loop in fp32 and ours in one precision."""

    model: str
    image_size: int = Field(description="pixels a side")
    batch_size: int
    optimizer: str
    precision: str = Field(description="of ours")
    aim: float = Field(description="the ratio to reach")
    images_per_second: Comparison
    flops_per_step: dict[Literal["published", "ours"], int] = Field(
        description="forward and backward, two per multiply-add, of the kernels that are stored"
    )
    share_of_limit: dict[Literal["published", "ours"], float] = Field(
        description="these FLOPs per second at the median, over `limits` of the precision"
    )


class Training(RecordPart):
    """Training throughput, one thread on one core."""

    benchmark: Literal["training"] = "training"
    dataset: str
    pinned: bool = Field(
        description="bound to one core, data loading included; False where that's impossible"
    )
    limits: dict[str, float] = Field(
        description="FLOP/s by precision: the fastest matrix product or convolution of PyTorch on the core"
    )
    cases: list[TrainingCase]


class SvmCase(RecordPart):
    """One configuration."""

    name: str
    fit_seconds: Comparison
    predict_seconds: Comparison
    seconds: Comparison = Field(description="fit plus predict")
    equal_predictions: Share


class SvmSize(RecordPart):
    """All configurations at one number of images."""

    training_images: int
    test_images: int
    cases: list[SvmCase]
    seconds: Comparison | None = Field(description="all cases together; None until all are measured")


class Svms(RecordPart):
    """scikit-learn's SVC with its own kernel (`published`) and with our precomputed one, one thread."""

    benchmark: Literal["svm"] = "svm"
    dataset: str
    aim: float = Field(description="the ratio to reach for all configurations together at the largest size")
    aim_equal_predictions: Share
    sizes: list[SvmSize]


class GridCase(RecordPart):
    """A whole grid, from nothing to the last result."""

    name: Literal["toy", "smoke", "medium"]
    datasets: list[str]
    training_runs: int
    svms: int
    epochs: int
    training_images: int
    seconds: Comparison = Field(description="wall time")
    one_job: Repeats | None = Field(
        default=None, description="seconds of `gridpress repro --jobs 1`; None where that isn't measured"
    )
    speedup: Estimate | None = Field(default=None, description="of all jobs over one, by medians")


class Grid(RecordPart):
    """One process with all cores, run after run (`published`), and `gridpress repro`."""

    benchmark: Literal["grid"] = "grid"
    jobs: int = Field(description="runs that `gridpress repro` computes at once: one per usable core")
    aim: float
    cases: list[GridCase]


class Curves(RecordPart):
    """The learning curves of a finished grid, from the choice to metrics/final.json."""

    benchmark: Literal["curves"] = "curves"
    jobs: int = Field(description="runs that `gridpress repro` computes at once: one per usable core")
    runs: int = Field(description="training runs, and sets of fits")
    training_images: list[int] = Field(description="at the fractions, in order")
    one_job: Repeats = Field(description="seconds of `gridpress repro --jobs 1`")
    all_jobs: Repeats
    speedup: Estimate = Field(description="of all jobs over one, by medians")


class AddingCase(RecordPart):
    """A folder of class folders."""

    name: str
    files: int
    bytes: int = Field(description="of all files")
    height: int = Field(description="pixels of a picture")
    width: int
    stored: int = Field(description="pixels a side, as stored and as read")
    seconds: Comparison = Field(description="one pass of ImageFolder (`published`), and `gridpress add`")


class Adding(RecordPart):
    """Taking in pictures, against torchvision's ImageFolder reading them once."""

    benchmark: Literal["adding"] = "adding"
    workers: int = Field(description="of ImageFolder's DataLoader: one per usable core")
    cases: list[AddingCase]


class UpToDate(RecordPart):
    """Finding out that nothing is to be done."""

    runs: int = Field(description="training runs and fits")
    stages: int = Field(description="with fetch, hardware, summarize, final and report")
    dvc_seconds: Repeats = Field(description="`dvc repro`")
    gridpress_seconds: Repeats = Field(description="`gridpress repro`")


class Stages(RecordPart):
    """Some stages of a grid run because their results were deleted."""

    stages: int
    seconds: Repeats = Field(description="wall time of the command")
    computation: Repeats = Field(description="seconds of the same stages, called in one warm process")


class StageCost(RecordPart):
    """What running a stage costs beyond its computation: many stages against few, round by round."""

    command: Literal["dvc repro", "gridpress repro --jobs 1"]
    runs: int = Field(description="training runs and SVM fits of the grid, most of them up to date")
    few: Stages
    many: Stages
    per_stage: Repeats = Field(description="seconds")
    start: Repeats = Field(description="seconds that don't depend on the number of stages")


class Pipeline(RecordPart):
    """What the pipeline itself costs."""

    benchmark: Literal["pipeline"] = "pipeline"
    aim_per_stage: float = Field(description="seconds at most, `gridpress repro`")
    aim_up_to_date: dict[Literal["dvc", "gridpress"], float] = Field(
        description="seconds at most, whole grid"
    )
    per_stage: list[StageCost]
    up_to_date: list[UpToDate]


class MemoryCase(RecordPart):
    """The peak of one worker process that did one thing."""

    work: str
    training_images: int
    part: str = Field(description="how much of it was done")
    peak_bytes: int = Field(description="resident memory of the whole process")
    aim_bytes: int = Field(description="to stay below")


class Memory(RecordPart):
    """Peak memory of the worker processes of `gridpress repro`."""

    benchmark: Literal["memory"] = "memory"
    cases: list[MemoryCase]


Measured = Training | Svms | Grid | Curves | Adding | Pipeline | Memory


class Result(Record):
    """One file."""

    quick: bool = Field(description="at toy size: the figures mean nothing")
    finished: bool
    elapsed_seconds: float
    foreign_load: Share = Field(
        description="share of all cores' time that other processes took in the second before"
    )
    machine: Machine
    versions: dict[str, str] = Field(description="of what `machine` does not list")
    measured: Annotated[Measured, Field(discriminator="benchmark")]


def ratio_cells(compared: Comparison) -> tuple[str, ...]:
    """Published, ours, ratio and its interval, as tables print them."""
    ratio = compared.ratio
    interval = "none" if ratio.low is None else f"{ratio.low:.2f} to {ratio.high:.2f}"
    medians = (f"{side.median.value:.3g}" for side in (compared.published, compared.ours))
    return *medians, f"{ratio.value:.2f}", interval
