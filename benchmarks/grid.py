"""A whole grid from nothing: `gridpress repro` against one process that computes run after run.

Both have the same list of training runs and SVMs, and all cores. Both are timed from the start of a process
to the end of the last run; hardware, summary and report are left out, as the published way has none. Ours
fetches (from a folder) and verifies the data first, and records each run.

Expected: about 7 minutes: five passes at the smoke size of 15 s each way, and one at the medium size of
about 130 s for ours (16 networks of 800 images, two epochs) and about 160 s for the published way.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple

from tabulate import tabulate

from benchmarks.results import SEED, Comparison, Grid, GridCase, Setup, ratio_cells
from benchmarks.study import GRID, RUNS_ONLY, call, copy_study
from gridpress.errors import GridpressError
from gridpress.grid import svm_runs, train_runs
from gridpress.hardware.timing import orders
from gridpress.params import Params, Profile, load_params
from gridpress.progress import progress
from gridpress.project import Project

AIM = 2.0
JOBS = 2


def smoke(content: dict[str, Any]) -> None:
    """The smoke profile, both datasets."""
    for block in Profile.model_fields:
        content[block] = deepcopy(content["profiles"]["smoke"][block])


def medium(content: dict[str, Any]) -> None:
    """16 networks and all SVMs on one dataset."""
    content["datasets"] = content["datasets"][:1]
    content["data"].update(train_samples=800, train_eval_samples=400, val_samples=400, test_samples=800)
    content["train"].update(epochs=2, milestones=[1, 2], image_size=28, channels=3, threads=1, grid=GRID)


def toy(content: dict[str, Any]) -> None:
    """One network and one SVM."""
    smoke(content)
    content["datasets"] = content["datasets"][:1]
    content["data"].update(train_samples=32, train_eval_samples=10, val_samples=10, test_samples=10)
    content["train"].update(epochs=1, milestones=[1])
    content["train"]["grid"]["optimizer"] = ["sgd"]
    content["svm"]["configs"] = {name: content["svm"]["configs"][name] for name in ("rbf-C1-gscale",)}


class Size(NamedTuple):
    """A grid, and how often it is computed in each way."""

    name: Literal["toy", "smoke", "medium"]
    change: Callable[[dict[str, Any]], None]
    passes: int
    work: float  # expected seconds of a pass, which is what progress is measured by


FULL = (Size("smoke", smoke, 5, 15), Size("medium", medium, 1, 145))
QUICK = (Size("toy", toy, 1, 10),)


def measure(setup: Setup) -> Iterator[Grid]:
    """The record after every pass."""
    sizes = [size._replace(passes=setup.repeats or size.passes) for size in (QUICK if setup.quick else FULL)]
    finished: list[GridCase] = []
    with progress("grid", sum(2 * size.passes * size.work for size in sizes)) as advance:
        for size in sizes:
            seconds: tuple[list[float], list[float]] = ([], [])
            for order in orders(2, size.passes, SEED):
                for number in order:
                    took, params = (published_way, our_way)[number](setup.project, size)
                    seconds[number].append(took)
                    advance(size.work)
                case = record(size, params, *seconds)
                yield Grid(jobs=JOBS, aim=AIM, cases=[*finished, case])
            finished.append(case)


def our_way(source: Project, size: Size) -> tuple[float, Params]:
    """Seconds of `gridpress repro`, and what it computed."""
    with TemporaryDirectory() as folder:
        project = from_nothing(source, size, Path(folder))
        seconds, _ = call(project, source, "gridpress", "repro", "--jobs", str(JOBS))
        records = {path.stem for kind in ("train", "svm") for path in (project.metrics / kind).glob("*.json")}
        return seconds, checked(project, records)


def published_way(source: Project, size: Size) -> tuple[float, Params]:
    """Seconds of `benchmarks.published`, and what it computed."""
    with TemporaryDirectory() as folder:
        project = from_nothing(source, size, Path(folder))
        command = (sys.executable, "-m", "benchmarks.published", str(source.raw("")))
        seconds, output = call(project, source, *command)
        return seconds, checked(project, set(json.loads(output.splitlines()[-1])))


def from_nothing(source: Project, size: Size, folder: Path) -> Project:
    """A copy of the study without any result."""
    project = copy_study(source, folder / "study", size.change, RUNS_ONLY)
    shutil.rmtree(project.metrics, ignore_errors=True)
    (project.root / "dvc.lock").unlink(missing_ok=True)
    return project


def checked(project: Project, computed: set[str]) -> Params:
    """The parameters of a study all of whose runs were computed.

    Raises:
        GridpressError: they were not.
    """
    params = load_params(project.params)
    wanted = {*train_runs(params), *svm_runs(params)}
    if computed != wanted:
        raise GridpressError(f"computed otherwise than asked for: {', '.join(sorted(computed ^ wanted))}")
    return params


def record(size: Size, params: Params, published: list[float], ours: list[float]) -> GridCase:
    """Of the passes so far."""
    return GridCase(
        name=size.name,
        datasets=[str(dataset) for dataset in params.datasets],
        training_runs=len(train_runs(params)),
        svms=len(svm_runs(params)),
        epochs=params.train.epochs,
        training_images=params.data.images("train"),
        seconds=Comparison.of_seconds(published, ours),
    )


def table(result: Grid) -> str:
    """A line per size."""
    rows = [
        (
            case.name,
            f"{case.training_runs} networks, {case.svms} SVMs, {case.training_images} images",
            *ratio_cells(case.seconds),
            str(result.aim),
        )
        for case in result.cases
    ]
    columns = ("", "", "published, s", f"ours, {result.jobs} jobs", "ratio", "interval", "aim")
    return str(tabulate(rows, headers=columns, disable_numparse=True))
