"""Images per second of a training loop: ours (`gridpress.training.loop.Session`) and the published one.

One thread on one core. Each loop lives in a process of its own, bound to the same core with its workers,
and they run in turns: one trains for some seconds while the others wait. Every network is measured at 28, 64
or 224 px; where bf16 is of interest it is a third loop in the same turns.

Expected: about 11 minutes, from 85 turns of 5 s (at 224 px of 7 s), 17 starts of 5 s, and untimed steps.
"""

from __future__ import annotations

import copy
import multiprocessing
import os
import signal
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from statistics import median
from typing import Literal

import torch
from tabulate import tabulate
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from benchmarks import published
from benchmarks.results import SEED, Comparison, Setup, Training, TrainingCase, ratio_cells
from gridpress.benchmark.limits import measure_limits
from gridpress.benchmark.spread import rounded
from gridpress.benchmark.timing import orders
from gridpress.config.hardware import Target
from gridpress.config.params import load_params
from gridpress.config.values import MemoryFormat, NetworkName, OptimizerName, Precision
from gridpress.data.splits import split
from gridpress.errors import GridpressError
from gridpress.pipeline.stages.images import verified_images
from gridpress.progress import Advance, progress
from gridpress.study.grid import TrainRun
from gridpress.study.project import Project
from gridpress.system.allocator import keep_freed_memory
from gridpress.training import setup
from gridpress.training.loop import Session

BATCH_SIZE = 16
CHANNELS = 3
LEARNING_RATE = 0.001
WARM_UP = 10  # steps before the first turn
SETTLE = 4  # untimed steps of each turn: the published workers have so many batches ready after a pause
END_TIMEOUT = 10  # seconds
SPAWN = multiprocessing.get_context("spawn")  # nothing that this process has loaded or set comes along

Way = tuple[Literal["published", "ours"], Precision]


@dataclass(frozen=True)
class Case:
    """A network at a size, and the precisions of our loop with the ratio to reach in each."""

    model: NetworkName
    image_size: int
    optimizer: OptimizerName
    aims: dict[Precision, float]


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        cases: one after the other.
        rounds: in which every loop has a turn.
        images: of an epoch; more than the turns use, or evaluation would be part of one.
        seconds: of a turn at least.
        steps: of a turn at least.
    """

    cases: Sequence[Case]
    rounds: int
    images: int
    seconds: float
    steps: int


FULL = Size(
    cases=(
        Case("resnet18", 28, "sgd", {"fp32": 1.7}),
        Case("resnet18", 28, "adam", {"fp32": 2.8}),
        Case("resnet50", 28, "sgd", {"fp32": 1.2}),
        Case("resnet50", 28, "adam", {"fp32": 1.5}),
        Case("resnet18", 64, "sgd", {"fp32": 1.0, "bf16": 1.3}),
        Case("resnet50", 64, "sgd", {"fp32": 1.0, "bf16": 1.3}),
        Case("resnet18", 224, "sgd", {"fp32": 1.2, "bf16": 2.0}),
    ),
    rounds=5,
    images=49_000,
    seconds=5,
    steps=6,
)
QUICK = Size(cases=(Case("resnet18", 28, "sgd", {"fp32": 1.7}),), rounds=2, images=160, seconds=0.2, steps=2)


@dataclass(frozen=True)
class Job:
    """What a process needs to know to train a network in one of the two loops."""

    project: Project
    case: Case
    size: Size
    loop: Literal["published", "ours"]
    precision: Precision
    core: int | None

    @property
    def way(self) -> Way:
        return self.loop, self.precision


def measure(setup: Setup) -> Iterator[Training]:
    """The record after every round."""
    size = QUICK if setup.quick else FULL
    rounds = setup.repeats or size.rounds
    core = one_core()
    precisions = {"fp32", *(precision for case in size.cases for precision in case.aims)}
    limits = peaks(sorted(precisions), core)
    turns = rounds * sum(1 + len(case.aims) for case in size.cases)
    finished: list[TrainingCase] = []
    with progress("training", turns) as advance:
        for case in size.cases:
            jobs = [Job(setup.project, case, size, "published", "fp32", core)]
            jobs += [Job(setup.project, case, size, "ours", precision, core) for precision in case.aims]
            compared: list[TrainingCase] = []
            for rates, flops in take_turns(jobs, rounds, advance):
                compared = [compare(case, job.precision, rates, flops, limits) for job in jobs[1:]]
                yield Training(
                    dataset=dataset_of(setup.project),
                    pinned=core is not None,
                    limits=limits,
                    cases=[*finished, *compared],
                )
            finished += compared


def take_turns(
    jobs: Sequence[Job], rounds: int, advance: Advance
) -> Iterator[tuple[dict[Way, list[float]], dict[Way, int]]]:
    """Images per second of each way so far, after every round; and the FLOPs of its step."""
    rates: dict[Way, list[float]] = {job.way: [] for job in jobs}
    with ExitStack() as stack:
        links = {job.way: stack.enter_context(process(job)) for job in jobs}
        flops = {way: int(receive(link)) for way, link in links.items()}
        for order in orders(len(jobs), rounds, SEED):
            for number in order:
                way = jobs[number].way
                links[way].send("go")
                rates[way].append(receive(links[way]))
                advance()
            yield rates, flops


def compare(
    case: Case,
    precision: Precision,
    rates: Mapping[Way, Sequence[float]],
    flops: Mapping[Way, int],
    limits: Mapping[str, float],
) -> TrainingCase:
    """Our loop in one precision against the published one."""
    ways: dict[Literal["published", "ours"], Way] = {
        "published": ("published", "fp32"),
        "ours": ("ours", precision),
    }
    return TrainingCase(
        model=case.model,
        image_size=case.image_size,
        batch_size=BATCH_SIZE,
        optimizer=case.optimizer,
        precision=precision,
        aim=case.aims[precision],
        images_per_second=Comparison.of_rates(rates[ways["published"]], rates[ways["ours"]]),
        flops_per_step={name: flops[way] for name, way in ways.items()},
        share_of_limit={
            name: rounded(flops[way] * median(rates[way]) / BATCH_SIZE / limits[way[1]])
            for name, way in ways.items()
        },
    )


@contextmanager
def process(job: Job) -> Iterator[Connection]:
    """A process that sends the FLOPs of a step when warm, then images per second whenever told to go."""
    here, there = SPAWN.Pipe()
    worker = SPAWN.Process(target=work, args=(there, job))
    worker.start()
    there.close()
    try:
        yield here
    finally:
        here.close()  # it waits for a word, and ends when there can be none
        worker.join(END_TIMEOUT)
        worker.kill()


def receive(link: Connection) -> float:
    """What a process sends.

    Raises:
        GridpressError: it has ended.
    """
    try:
        return float(link.recv())
    except EOFError:
        raise GridpressError("a training process ended early; what it said stands above") from None


def work(link: Connection, job: Job) -> None:
    """Train in turns until nobody waits for the results any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    torch.set_num_threads(1)
    with bound_to(job.core), suppress(EOFError, BrokenPipeError):
        loop = begin(job)
        after_step = turns(link, job.size, step_flops(loop.model, job.case.image_size)).__next__
        while True:
            loop.train_epoch(after_step)


def begin(job: Job) -> published.Training | Session:
    """The network, the optimizer and the images, in one of the loops."""
    params = load_params(job.project.params)
    dataset = dataset_of(job.project)
    images = verified_images(job.project, params, dataset)
    counts = {"train": job.size.images, "train_eval": 2, "validation": 2, "test": 2}
    splits = split(images.labels, replace(params.division(dataset), samples=counts))
    run = TrainRun(
        dataset=dataset,
        model=job.case.model,
        batch_size=BATCH_SIZE,
        optimizer=job.case.optimizer,
        learning_rate=LEARNING_RATE,
        precision=job.precision,
        data_memory="device",
        recipe="default",
        seed=SEED,
    )
    changed = {"image_size": job.case.image_size, "channels": CHANNELS, "device": "cpu", "threads": 1}
    settings = params.train.model_copy(update=changed)
    optimizer = getattr(params.optimizers, run.optimizer)
    run_setup = setup.Setup(run, settings, params.recipes[run.recipe], optimizer)
    if job.loop == "published":
        return published.Training(run_setup, job.project.raw(dataset), splits, images)
    keep_freed_memory()  # as the training stages do
    return Session(run_setup, images, splits)


def turns(link: Connection, size: Size, flops: int) -> Generator[None]:
    """To be resumed after every step: waits for its turn, times some steps, sends images per second.

    The FLOPs of a step are sent first, to say that the warm-up is over.
    """
    for _ in range(WARM_UP):
        yield
    link.send(flops)
    while True:
        link.recv()
        for _ in range(SETTLE):
            yield
        steps = 0
        begin = now = time.perf_counter()
        while now - begin < size.seconds or steps < size.steps:
            yield
            steps += 1
            now = time.perf_counter()
        link.send(BATCH_SIZE * steps / (now - begin))


def step_flops(model: nn.Module, image_size: int) -> int:
    """Forward and backward of one step, two per multiply-add; the network itself stays as it is."""
    counted = copy.deepcopy(model)
    for layer in counted.modules():
        if isinstance(layer, nn.Conv2d):
            layer.__class__ = nn.Conv2d  # however it is computed: the counter does not know every way
    images = torch.zeros(BATCH_SIZE, CHANNELS, image_size, image_size)
    with FlopCounterMode(display=False) as counter:
        counted(images).sum().backward()
    return int(counter.get_total_flops())


def peaks(precisions: Sequence[Precision], core: int | None) -> dict[str, float]:
    """FLOP/s that one thread on a core reaches at best, by precision."""
    formats: tuple[MemoryFormat, ...] = ("contiguous", "channels_last")
    targets = {
        precision: [
            Target(device="cpu", precision=precision, threads=1, memory_format=layout) for layout in formats
        ]
        for precision in precisions
    }
    with bound_to(core):
        return {
            precision: max(measure_limits(target, threads=1).peak for target in alike)
            for precision, alike in targets.items()
        }


def one_core() -> int | None:
    """A core to bind processes to; None where the operating system cannot (macOS)."""
    return max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None


@contextmanager
def bound_to(core: int | None) -> Iterator[None]:
    """Let this process, and those that it starts meanwhile, run on one core only."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def dataset_of(project: Project) -> str:
    """The one that is trained on."""
    return str(load_params(project.params).datasets[0])


def table(result: Training) -> str:
    """A line per case."""
    rows = [
        (
            f"{case.model} {case.image_size} px batch {case.batch_size} {case.optimizer} {case.precision}",
            *ratio_cells(case.images_per_second),
            case.aim,
            *(f"{case.share_of_limit[name]:.0%}" for name in ("published", "ours")),
        )
        for case in result.cases
    ]
    columns = ("", "published, img/s", "ours", "ratio", "interval", "aim", "published, of limit", "ours")
    return str(tabulate(rows, headers=columns, disable_numparse=True))
