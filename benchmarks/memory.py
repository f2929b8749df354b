"""Peak resident memory of the processes that compute runs for `gridpress repro`.

Each case runs in a new Dask worker, the same as `gridpress repro` starts. Training is measured with the
largest batch of the study's grid and Adam, which keeps two values beside every weight, once through a whole
epoch with evaluation, and once through the first steps with all images of the training split.

Expected: about 3 minutes: 313 steps of ResNet-50 with evaluation, 150 steps, and one SVM.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from distributed import KilledWorker
from tabulate import tabulate

from benchmarks.results import Memory, MemoryCase, Setup
from gridpress.benchmark.footprint import RSS_UNIT
from gridpress.config.params import Params, load_params
from gridpress.config.values import NetworkName
from gridpress.errors import GridpressError
from gridpress.pipeline.repro import cluster
from gridpress.pipeline.stages import svm, train
from gridpress.progress import Advance, progress
from gridpress.study.grid import svm_runs, train_runs
from gridpress.study.project import Project

EVALUATED = 1_000  # training, validation and test images each; their number decides no peak


@dataclass(frozen=True)
class Case:
    """One thing to compute.

    Attributes:
        work: what people call it.
        kind: of stage.
        model: the network, where it is one.
        images: to train on; None for all of the training split.
        steps: after which training is stopped; None for a whole epoch.
        aim: bytes to stay below.
    """

    work: str
    kind: Literal["train", "svm"]
    model: NetworkName
    images: int | None
    steps: int | None
    aim: int


FULL = (
    Case("training of resnet50", "train", "resnet50", 10_000, None, 1_500_000_000),
    Case("training of resnet50", "train", "resnet50", None, 150, 2_000_000_000),
    Case("SVM", "svm", "resnet50", 10_000, None, 2_500_000_000),
)
QUICK = (Case("training of resnet18", "train", "resnet18", 64, 1, 1_500_000_000),)


class Enough(Exception):  # noqa: N818  # no error
    """Enough steps were done."""


def measure(setup: Setup) -> Iterator[Memory]:
    """The record after every case."""
    cases: list[MemoryCase] = []
    selected = QUICK if setup.quick else FULL
    with progress("memory", len(selected)) as advance:
        for case in selected:
            cases.append(measure_case(setup.project, case))
            advance()
            yield Memory(cases=cases)


def measure_case(source: Project, case: Case) -> MemoryCase:
    """Compute a case in a worker of its own, in a folder that holds nothing but the data."""
    params = adapted(load_params(source.params), case)
    with TemporaryDirectory() as folder:
        project = Project(Path(folder))
        project.raw("").parent.mkdir()
        project.raw("").symlink_to(source.raw("").resolve(), target_is_directory=True)
        with cluster.local(project, params, jobs=1) as people:
            future = people.client.submit(peak, project.root, params, case)
            try:
                bytes_ = int(future.result())
            except KilledWorker:
                raise GridpressError(f"{case.work} was killed, perhaps for want of memory") from None
    return MemoryCase(
        work=case.work,
        training_images=params.used(params.datasets[0])["train"],
        part="whole" if case.steps is None else f"{case.steps} steps of {params.train.grid.batch_size[0]}",
        peak_bytes=bytes_,
        aim_bytes=case.aim,
    )


def adapted(params: Params, case: Case) -> Params:
    """One epoch of one network, on so many images."""
    evaluated = EVALUATED if case.images is None else min(EVALUATED, case.images)
    return params.model_copy(
        update={
            "data": params.data.model_copy(
                update={
                    "train_samples": case.images or "all",
                    "train_eval_samples": evaluated,
                    "val_samples": evaluated,
                    "test_samples": evaluated,
                }
            ),
            "train": params.train.model_copy(
                update={
                    "epochs": 1,
                    "milestones": [1],
                    "image_size": 28,
                    "channels": 3,
                    "device": "cpu",
                    "threads": 1,
                    "grid": params.train.grid.model_copy(
                        update={
                            "model": [case.model],
                            "batch_size": [max(params.train.grid.batch_size)],
                            "optimizer": ["adam"],
                            "precision": ["fp32"],
                        }
                    ),
                }
            ),
        }
    )


def peak(root: Path, params: Params, case: Case) -> int:
    """Bytes that this process held at most, after it has computed a case."""

    @contextmanager
    def show(_title: str, _total: float) -> Iterator[Advance]:
        done = 0.0

        def advance(amount: float = 1, note: str | None = None) -> None:
            nonlocal done
            del note
            done += amount
            if case.steps is not None and done >= case.steps:
                raise Enough

        yield advance

    stage, runs = (train, train_runs(params)) if case.kind == "train" else (svm, svm_runs(params))
    with suppress(Enough):
        stage.compute(Project(root), params, next(iter(runs)), show)
    return largest_resident()


def largest_resident() -> int:
    """Bytes of memory that this process held at most."""
    status = Path("/proc/self/status")
    if status.is_file():  # ru_maxrss, on Linux, begins with what the process that started this one held
        high_water = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
        return int(high_water.split()[1]) << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT


def table(result: Memory) -> str:
    """A line per case."""
    rows = [
        (
            case.work,
            case.training_images,
            case.part,
            f"{case.peak_bytes / 1e9:.2f}",
            f"{case.aim_bytes / 1e9:.1f}",
        )
        for case in result.cases
    ]
    return str(tabulate(rows, headers=("", "training images", "", "peak, GB", "aim"), disable_numparse=True))
