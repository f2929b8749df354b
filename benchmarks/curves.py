"""The learning curves of a finished grid: `gridpress repro` with a job per core against one job.

The grid and the choice are computed once and copied. What is timed is the whole command, from the start of
a process to its end: it finds out what is to be done, computes the points, records them, and condenses the
final ones; the report is left out.

Expected: about 4 minutes, half a minute of it for the grid: five passes of about 15 and 27 s.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tabulate import tabulate

from benchmarks.results import SEED, Curves, Estimate, Repeats, Setup
from benchmarks.study import call, copy_study, edit
from gridpress.benchmark import spread
from gridpress.benchmark.timing import orders
from gridpress.config.params import load_params
from gridpress.errors import GridpressError
from gridpress.learning_curves.curves import CURVES
from gridpress.progress import progress
from gridpress.study.project import Project
from gridpress.system.machine import describe

PASSES = 5
WORK = 21  # expected seconds of a pass, which is what progress is measured by
WITHOUT = ("hardware", "report")
FRACTIONS = [0.004, 0.008]  # of 49,000 training images: as many as in the grid, and twice as many


def small(content: dict[str, Any]) -> None:
    """Two networks, two SVMs and a baseline of one dataset, two seeds."""
    content["datasets"] = content["datasets"][:1]
    content["data"].update(train_samples=196, train_eval_samples=100, val_samples=100, test_samples=400)
    content["train"].update(epochs=2, milestones=[], image_size=28, channels=3, threads=1)
    grid = {"model": ["resnet18", "resnet50"], "batch_size": [16], "optimizer": ["adam"]}
    content["train"]["grid"].update(grid, learning_rate=[0.001], seed=[0, 1])
    content["svm"]["configs"] = {
        "poly2": {"kernel": "poly", "degree": 2, "C": 1.0, "gamma": "scale"},
        "rbf": {"kernel": "rbf", "C": 1.0, "gamma": "scale"},
    }
    logistic = {"estimator": "logistic_regression", "scaling": "standard", "parameters": {"C": 0.01}}
    content["baseline"]["configs"] = {"logistic": logistic}


def toy(content: dict[str, Any]) -> None:
    """One network and one seed of it."""
    small(content)
    content["train"]["grid"].update(model=["resnet18"], seed=[0])


def measure(setup: Setup) -> Iterator[Curves]:
    """The record after every pass."""
    jobs, passes = describe().usable_cores, setup.repeats or (1 if setup.quick else PASSES)
    seconds: tuple[list[float], list[float]] = ([], [])
    with TemporaryDirectory() as folder, progress("curves", (1 + 2 * passes) * WORK) as advance:
        study = copy_study(setup.project, Path(folder) / "study", toy if setup.quick else small, WITHOUT)
        shutil.rmtree(study.metrics, ignore_errors=True)
        (study.root / "dvc.lock").unlink(missing_ok=True)
        call(study, setup.project, "gridpress", "repro")
        edit(study.params, lambda content: content["learning_curve"].update(fractions=FRACTIONS))
        advance(WORK)
        for order in orders(2, passes, SEED):
            for number in order:
                seconds[number].append(timed(setup.project, study, Path(folder) / "pass", (jobs, 1)[number]))
                advance(WORK)
            yield record(study, jobs, *seconds)


def timed(source: Project, study: Project, root: Path, jobs: int) -> float:
    """Seconds of `gridpress repro` in a copy.

    Raises:
        GridpressError: it left a point out.
    """
    shutil.copytree(study.root, root, symlinks=True)
    try:
        copy = Project(root)
        seconds, _ = call(copy, source, "gridpress", "repro", "--jobs", str(jobs))
        params = load_params(copy.params)
        absent = [
            key
            for curve in CURVES
            for key in curve.runs(params)
            if not curve.record_path(copy, key).is_file()
        ]
        if absent or not copy.final.is_file():
            raise GridpressError(f"not computed: {', '.join(absent) or 'metrics/final.json'}")
    finally:
        shutil.rmtree(root)
    return seconds


def record(study: Project, jobs: int, all_jobs: list[float], one_job: list[float]) -> Curves:
    """Of the passes so far."""
    params = load_params(study.params)
    sizes = params.sizes(params.datasets[0])
    return Curves(
        jobs=jobs,
        runs=sum(len(curve.runs(params)) for curve in CURVES),
        training_images=[round(fraction * sizes["train"]) for fraction in FRACTIONS],
        one_job=Repeats.of(one_job),
        all_jobs=Repeats.of(all_jobs),
        speedup=Estimate.of(spread.ratio, one_job, all_jobs),
    )


def table(result: Curves) -> str:
    """One line."""
    speedup = result.speedup
    interval = "none" if speedup.low is None else f"{speedup.low:.2f} to {speedup.high:.2f}"
    row = (
        f"{result.runs} runs",
        f"{result.one_job.median.value:.3g}",
        f"{result.all_jobs.median.value:.3g}",
        f"{speedup.value:.2f}",
        interval,
    )
    heads = ("", "1 job, s", f"{result.jobs} jobs, s", "speedup", "interval")
    return str(tabulate([row], headers=heads, disable_numparse=True))
