"""What DVC and `gridpress repro` cost beyond the computation of the stages.

Up to date: seconds to find out that nothing is to be done, with 68, about 200 and about 500 runs. Per stage:
the results of a few and of many stages of a grid of 58 runs are deleted and computed again, by
`gridpress repro --jobs 1` and by `dvc repro`; what the same stages take when they are called one after the
other in a process that has everything imported is taken off, and the difference of many and few gives the
seconds per stage, apart from those that every start costs.

The computation is tiny (60 images, one epoch). The records beside the computed ones are copies of a
committed one, recorded as `dvc commit` does: an up-to-date run hashes them and never reads them.

Expected: about 8 minutes: five rounds of about 30 s for the up-to-date runs and of about 60 s for the
stages, and four copies of the study, whose recording takes up to half a minute.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple

from tabulate import tabulate

from benchmarks.results import SEED, Pipeline, Repeats, Setup, StageCost, Stages, UpToDate
from benchmarks.study import GRID, RUNS_ONLY, call, copy_study
from gridpress.benchmark.timing import orders
from gridpress.config.params import load_params
from gridpress.errors import GridpressError
from gridpress.families.registry import BY_STAGE
from gridpress.pipeline.dvc.recording import commit
from gridpress.pipeline.dvc.status import opened, stages
from gridpress.pipeline.repro.finished import files_of
from gridpress.pipeline.stages import svm, train
from gridpress.progress import Advance, progress, silent
from gridpress.study.grid import kind_of, svm_runs, train_runs
from gridpress.study.project import Project

AIM_PER_STAGE = 0.3  # seconds
AIM_UP_TO_DATE: dict[Literal["dvc", "gridpress"], float] = {"dvc": 4.0, "gridpress": 5.0}
UP_TO_DATE = {"dvc": "Data and pipelines are up to date.", "gridpress": "Everything is up to date."}


class Command(NamedTuple):
    """A way to run stages, and how many it runs in the short and in the long measurement."""

    words: Literal["dvc repro", "gridpress repro --jobs 1"]
    few: int
    many: int


class Size(NamedTuple):
    """What is measured.

    Attributes:
        seeds: of the 16 configurations, for each study that is up to date.
        datasets: of a study.
        grid: the axes of its training runs.
        svms: of a dataset.
        commands: that run stages.
        rounds: in which everything is measured once.
    """

    seeds: Sequence[int]
    datasets: int
    grid: dict[str, Any]
    svms: int
    commands: Sequence[Command]
    rounds: int


FULL = Size(
    seeds=(1, 5, 15),
    datasets=2,
    grid=GRID,
    svms=13,
    commands=(Command("dvc repro", 0, 4), Command("gridpress repro --jobs 1", 2, 16)),
    rounds=5,
)
TOY_GRID = {**GRID, "model": ["resnet18"], "batch_size": [16], "optimizer": ["sgd"], "learning_rate": [0.001]}
QUICK = Size(
    seeds=(1,),
    datasets=1,
    grid=TOY_GRID,
    svms=1,
    commands=(Command("dvc repro", 0, 1),),  # grid.py calls the other
    rounds=1,
)


class Study(NamedTuple):
    """A copy that is up to date, and its small runs: SVMs and training runs of the first network in turns."""

    project: Project
    runs: int
    stages: int
    small: tuple[str, ...]


def measure(setup: Setup) -> Iterator[Pipeline]:
    """The record after every round."""
    size = QUICK if setup.quick else FULL
    rounds = setup.repeats or size.rounds
    turns = rounds * 2 * (len(size.seeds) + len(size.commands))
    up_to_date: list[UpToDate] = []
    with progress("pipeline", turns) as advance:
        for up_to_date in measure_up_to_date(setup.project, size, rounds, advance):
            yield record(up_to_date, [])
        for costs in measure_stages(setup.project, size, rounds, advance):
            yield record(up_to_date, costs)


def measure_up_to_date(
    source: Project, size: Size, rounds: int, advance: Advance
) -> Iterator[list[UpToDate]]:
    """What is known of every study, after every round."""
    with TemporaryDirectory() as folder:
        studies = [finished_study(source, Path(folder), size, seeds) for seeds in size.seeds]
        turns = [(study, command) for study in studies for command in UP_TO_DATE]
        seconds: dict[tuple[Study, str], list[float]] = {turn: [] for turn in turns}
        for order in orders(len(turns), rounds, SEED):
            for study, command in (turns[number] for number in order):
                took, output = call(study.project, source, command, "repro")
                if UP_TO_DATE[command] not in output:
                    raise GridpressError(f"`{command} repro` found something to do:\n{output}")
                seconds[study, command].append(took)
                advance()
            yield [
                UpToDate(
                    runs=study.runs,
                    stages=study.stages,
                    dvc_seconds=Repeats.of(seconds[study, "dvc"]),
                    gridpress_seconds=Repeats.of(seconds[study, "gridpress"]),
                )
                for study in studies
            ]


def measure_stages(source: Project, size: Size, rounds: int, advance: Advance) -> Iterator[list[StageCost]]:
    """What is known of every command, after every round."""
    with TemporaryDirectory() as folder:
        study = finished_study(source, Path(folder), size, 1, RUNS_ONLY)
        turns = [(command, number) for command in size.commands for number in (command.few, command.many)]
        seconds: dict[tuple[Command, int], list[float]] = {turn: [] for turn in turns}
        alone: dict[tuple[Command, int], list[float]] = {turn: [] for turn in turns}
        compute(study, len(study.small))  # what is imported and read once is not measured
        for order in orders(len(turns), rounds, SEED):
            for command, number in (turns[index] for index in order):
                names = study.small[:number]
                alone[command, number].append(compute(study, number))
                for path in (path for name in names for path in files_of(study.project, name)):
                    path.unlink()
                took, _ = call(study.project, source, *command.words.split())
                seconds[command, number].append(took)
                advance()
            yield [cost(study, command, seconds, alone) for command in size.commands]


def cost(
    study: Study,
    command: Command,
    seconds: dict[tuple[Command, int], list[float]],
    alone: dict[tuple[Command, int], list[float]],
) -> StageCost:
    """Of the rounds so far."""
    few, many = (command, command.few), (command, command.many)
    beyond = {turn: [a - b for a, b in zip(seconds[turn], alone[turn], strict=True)] for turn in (few, many)}
    per_stage = [
        (long - short) / (command.many - command.few)
        for long, short in zip(beyond[many], beyond[few], strict=True)
    ]
    start = [short - command.few * each for short, each in zip(beyond[few], per_stage, strict=True)]
    both = [
        Stages(stages=turn[1], seconds=Repeats.of(seconds[turn]), computation=Repeats.of(alone[turn]))
        for turn in (few, many)
    ]
    return StageCost(
        command=command.words,
        runs=study.runs,
        few=both[0],
        many=both[1],
        per_stage=Repeats.of(per_stage),
        start=Repeats.of(start),
    )


def compute(study: Study, number: int) -> float:
    """Seconds of the first small runs, in this process."""
    project, params = study.project, load_params(study.project.params)
    begin = time.perf_counter()
    for name in study.small[:number]:
        kind, _, key = name.partition("@")
        {"train": train, "svm": svm}[kind].compute(project, params, key, unseen)
    return time.perf_counter() - begin


@contextmanager
def unseen(_title: str, _total: float) -> Iterator[Advance]:
    """A stage shows its progress to nobody."""
    yield silent


def finished_study(
    source: Project,
    folder: Path,
    size: Size,
    seeds: int,
    without: tuple[str, ...] = (),
) -> Study:
    """A copy with so many seeds in which DVC finds nothing to do."""

    def change(content: dict[str, Any]) -> None:
        content["datasets"] = content["datasets"][: size.datasets]
        content["data"].update(train_samples=60, train_eval_samples=30, val_samples=30, test_samples=60)
        grid = {**size.grid, "seed": list(range(seeds))}
        content["train"].update(epochs=1, milestones=[1], image_size=28, device="cpu", threads=1, grid=grid)
        content["svm"]["configs"] = dict(list(content["svm"]["configs"].items())[: size.svms])

    project = copy_study(source, folder / f"{seeds}-{len(without)}", change, without)
    (project.root / "dvc.lock").unlink(missing_ok=True)
    params = load_params(project.params)
    for dataset in params.datasets:
        shutil.copytree(source.raw(dataset), project.raw(dataset))
    for path in project.rendered:
        path.write_text("stands for the report: all that is asked is whether it is there\n", encoding="utf-8")
    names = record_all(project)
    trains, svms = train_runs(params), svm_runs(params)
    small = [f"train@{key}" for key, run in trains.items() if run.model == size.grid["model"][0]]
    pairs = zip((f"svm@{key}" for key in svms), small, strict=False)
    runs = sum(kind_of(name) in BY_STAGE for name in names)
    return Study(project, runs, len(names), tuple(name for pair in pairs for name in pair))


def record_all(project: Project) -> list[str]:
    """Record every stage as it stands, missing results as copies of their neighbours; the stages' names."""
    with opened(project) as repo:
        everything = list(stages(repo).values())
        for path in (Path(out.fs_path) for stage in everything for out in stage.outs):
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                neighbour = next(iter(sorted(path.parent.glob("*.json"))), None)
                path.write_bytes(neighbour.read_bytes() if neighbour else b"{}\n")
        commit(everything)
    return [stage.name for stage in everything]


def record(up_to_date: list[UpToDate], per_stage: list[StageCost]) -> Pipeline:
    """What is known so far."""
    return Pipeline(
        aim_per_stage=AIM_PER_STAGE,
        aim_up_to_date=AIM_UP_TO_DATE,
        per_stage=per_stage,
        up_to_date=up_to_date,
    )


def cells(seconds: Repeats) -> tuple[str, str]:
    """Median and interval."""
    median = seconds.median
    interval = "none" if median.low is None else f"{median.low:.2f} to {median.high:.2f}"
    return f"{median.value:.2f}", interval


def table(result: Pipeline) -> str:
    """A line per grid and command."""
    rows = [
        (f"{study.runs} runs, {study.stages} stages, up to date", f"{command} repro", *cells(seconds))
        for study in result.up_to_date
        for command, seconds in (("dvc", study.dvc_seconds), ("gridpress", study.gridpress_seconds))
    ]
    for each in result.per_stage:
        rows.append((f"a stage among {each.runs} runs", each.command, *cells(each.per_stage)))
        rows.append(("a start", each.command, *cells(each.start)))
    return str(tabulate(rows, headers=("", "", "s", "interval"), disable_numparse=True))
