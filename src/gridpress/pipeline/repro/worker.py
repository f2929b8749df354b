"""What happens in a Dask worker: whether it may compute at all, and one run at a time."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from distributed import WorkerPlugin, get_worker
from distributed.worker import Worker

import gridpress
from gridpress.config.declared import parse
from gridpress.config.params import Params, parse_params
from gridpress.errors import GridpressError
from gridpress.families.registry import FAMILIES
from gridpress.files import write_text
from gridpress.pipeline.processes.watchdog import ended_if_stuck
from gridpress.progress import Advance
from gridpress.stages import runs_by_name
from gridpress.study.project import Project
from gridpress.study.records.store import dumps
from gridpress.system.resources import total_memory

REPORT_INTERVAL = 0.5  # seconds between two reports of progress


@dataclass(frozen=True)
class Task:
    """One stage to compute.

    Attributes:
        name: as DVC names it, such as `train@mnist-…`.
        params: the content of params.yaml.
        datasets: the content of the declarations, by name.
        files: texts that it reads besides the data, by path below the study's folder.
        root: the study's folder, or None on a machine that cannot see it.
        topic: the Dask topic for reports of progress.
    """

    name: str
    params: dict[str, Any]
    datasets: dict[str, Any]
    files: dict[str, str]
    root: str | None
    topic: str


def perform(task: Task) -> tuple[str, str]:
    """Compute a stage in a worker: the text of its record and of its timing record.

    A worker that cannot see the study's folder fetches and verifies the data into a folder of its own.

    Raises:
        GridpressError: data or records are not as they must be, the run is stuck, or nobody waits for it.
    """
    worker = get_worker()
    dask_key = worker.get_current_task()

    def report(**facts: Any) -> None:
        if worker.state.tasks[dask_key].state != "executing":
            raise GridpressError("nobody waits for this run any more")
        worker.log_event(task.topic, {"stage": task.name, "at": str(worker.name), **facts})

    report(done=0.0, total=1.0, note="starts")
    params = parse_params(
        task.params, {name: parse(content, name) for name, content in task.datasets.items()}
    )
    stage, run = runs_by_name(params)[task.name]
    if task.root is None:
        project = Project(Path(worker.local_directory) / "gridpress")
        _fetch(project, params, run.dataset)
        for path, text in task.files.items():
            write_text(project.root / path, text)
    else:
        project = Project(Path(task.root))

    @contextmanager
    def show(_title: str, total: float) -> Iterator[Advance]:
        done, reported = 0.0, time.monotonic()

        def advance(amount: float = 1, note: str | None = None) -> None:
            nonlocal done, reported
            done += amount
            if note is not None or time.monotonic() - reported > REPORT_INTERVAL:
                reported = time.monotonic()
                report(done=done, total=total, note=note)

        yield advance

    with ended_if_stuck():
        record, timing = stage.compute()(project, params, run.key, show)
    return dumps(record), dumps(timing)


def _fetch(project: Project, params: Params, dataset: str) -> None:
    from gridpress.fetch import fetch  # noqa: PLC0415  # pooch, only where data are missing

    fetch(dataset, params.dataset(dataset), project.raw(dataset))


def versions() -> dict[str, str]:
    """What a worker must have in common with the study: a digest of Gridpress's source, and two libraries."""
    return {
        "gridpress": code_digest(Path(gridpress.__file__).parent),
        **{package: _version(package) for package in ("torch", "scikit-learn")},
    }


@cache  # a process goes on with the modules that it imported, whatever lies there later
def code_digest(package: Path) -> str:
    """Twelve hexadecimal digits over the names and contents of all modules below a folder."""
    digest = hashlib.sha256()
    for module in sorted(package.rglob("*.py")):
        digest.update(f"{module.relative_to(package).as_posix()}\0{module.stat().st_size}\0".encode())
        digest.update(module.read_bytes())
    return digest.hexdigest()[:12]


def _version(package: str) -> str:
    try:
        return version(package).partition("+")[0]  # 2.14.1+cpu computes what 2.14.1+cu130 computes on a CPU
    except PackageNotFoundError:
        return "absent"


class Admission(WorkerPlugin):
    """Admits workers whose code is the study's: they get the resource that every task asks for.

    One run at a time and process, whatever the number of threads, as torch's settings and random numbers
    belong to the whole process. Workers that join later or come back are checked in the same way.
    """

    def __init__(self, wanted: dict[str, str], resource: str, topic: str, *, local: bool) -> None:
        self.name = topic
        self.wanted = wanted
        self.resource = resource
        self.topic = topic
        self.local = local

    async def setup(self, worker: Worker) -> None:
        there = versions()
        differs = [
            f"{name} {there[name]} instead of {wanted}"
            for name, wanted in self.wanted.items()
            if there[name] != wanted
        ]
        if differs:
            refusal = f"worker {worker.name} ({worker.address}) is refused: {', '.join(differs)}"
            await worker.scheduler.log_event(topic=self.topic, msg={"refused": refusal})
            return
        gpus = _take_gpu(worker.name) if self.local else {}
        for family in FAMILIES:
            family.compute()  # imports torch once, here

        memory = min(worker.memory_manager.memory_limit or sys.maxsize, total_memory())
        await worker.set_resources(**{self.resource: 1, f"{self.resource}-memory": memory, **gpus})


def _take_gpu(worker: int) -> dict[str, int]:
    """The first workers of a machine get one GPU each, and the others see none."""
    import torch  # noqa: PLC0415

    if torch.backends.mps.is_available():
        return {"GPU": 1} if worker == 0 else {}
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    names = visible.split(",") if visible else [str(number) for number in range(torch.cuda.device_count())]
    mine = names[worker : worker + 1]
    os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(mine)
    return {"GPU": 1} if mine else {}


def explain(error: BaseException) -> str:
    """Why a run failed, in one line where we foresaw it."""
    return str(error) if isinstance(error, GridpressError) else f"{type(error).__name__}: {error}"
