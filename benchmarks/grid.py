"""A whole grid from nothing: `gridpress repro` against one process that computes run after run.

Both have the same list of training runs and SVMs, and all cores. Both are timed from the start of a process
to its end; hardware, summary and report are left out, as the published way has none. Ours fetches (from a
folder) and verifies the data first, and records each run. At the medium size ours is also timed with one job.

Expected: about 12 minutes: five passes at the smoke size, of 7 s for ours and 17 s for the published way, and
two at the medium size (16 networks of 800 images, two epochs), of about 60, 120 (one job) and 130 s.
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

from benchmarks.results import SEED, Comparison, Estimate, Grid, GridCase, Repeats, Setup, ratio_cells
from benchmarks.study import GRID, RUNS_ONLY, call, copy_study
from gridpress.benchmark import spread
from gridpress.benchmark.timing import orders
from gridpress.config.params import Params, load_params
from gridpress.errors import GridpressError
from gridpress.progress import progress
from gridpress.study import profiles
from gridpress.study.grid import svm_runs, train_runs
from gridpress.study.project import Project, find_project
from gridpress.system.machine import describe

AIM = 2.0
PUBLISHED, OURS = 0, 1  # the ways that take turns; ours with one job is the third


def smoke(content: dict[str, Any]) -> None:
    """The smoke profile, with the datasets of the study."""
    datasets = content["datasets"]
    content.update(deepcopy(profiles.patched(content, profiles.read(find_project(), "smoke"))))
    content["datasets"] = datasets


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
    work: float  # expected seconds of one way, which is what progress is measured by
    scaling: bool  # also with one job


FULL = (Size("smoke", smoke, 5, 12, scaling=False), Size("medium", medium, 2, 105, scaling=True))
QUICK = (Size("toy", toy, 1, 8, scaling=True),)


def measure(setup: Setup) -> Iterator[Grid]:
    """The record after every pass."""
    sizes = [size._replace(passes=setup.repeats or size.passes) for size in (QUICK if setup.quick else FULL)]
    jobs = describe().usable_cores
    finished: list[GridCase] = []
    with progress("grid", sum(ways(size) * size.passes * size.work for size in sizes)) as advance:
        for size in sizes:
            seconds: tuple[list[float], list[float], list[float]] = ([], [], [])
            for order in orders(ways(size), size.passes, SEED):
                for number in order:
                    if number == PUBLISHED:
                        took, params = published_way(setup.project, size)
                    else:
                        took, params = our_way(setup.project, size, jobs if number == OURS else 1)
                    seconds[number].append(took)
                    advance(size.work)
                case = record(size, params, *seconds)
                yield Grid(jobs=jobs, aim=AIM, cases=[*finished, case])
            finished.append(case)


def ways(size: Size) -> int:
    """How many ways a size is computed in."""
    return 3 if size.scaling else 2


def our_way(source: Project, size: Size, jobs: int) -> tuple[float, Params]:
    """Seconds of `gridpress repro` with so many jobs, and what it computed."""
    with TemporaryDirectory() as folder:
        project = from_nothing(source, size, Path(folder))
        seconds, _ = call(project, source, "gridpress", "repro", "--jobs", str(jobs))
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


def record(
    size: Size, params: Params, published: list[float], ours: list[float], one_job: list[float]
) -> GridCase:
    """Of the passes so far."""
    return GridCase(
        name=size.name,
        datasets=[str(dataset) for dataset in params.datasets],
        training_runs=len(train_runs(params)),
        svms=len(svm_runs(params)),
        epochs=params.train.epochs,
        training_images=params.used(params.datasets[0])["train"],
        seconds=Comparison.of_seconds(published, ours),
        one_job=Repeats.of(one_job) if one_job else None,
        speedup=Estimate.of(spread.ratio, one_job, ours) if one_job else None,
    )


def table(result: Grid) -> str:
    """A line per size."""
    rows = [
        (
            case.name,
            f"{case.training_runs} networks, {case.svms} SVMs, {case.training_images} images",
            *ratio_cells(case.seconds),
            str(result.aim),
            f"{case.one_job.median.value:.3g}" if case.one_job else "",
            f"{case.speedup.value:.2f}" if case.speedup else "",
        )
        for case in result.cases
    ]
    columns = (
        "",
        "",
        "published, s",
        f"ours, {result.jobs} jobs",
        "ratio",
        "interval",
        "aim",
        "1 job",
        "speedup",
    )
    return str(tabulate(rows, headers=columns, disable_numparse=True))
