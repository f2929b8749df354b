"""Timed blocks of all cases, interleaved, so that a machine that drifts hits all of them alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from gridpress.benchmark.cases import Case
from gridpress.benchmark.device import synchronize
from gridpress.benchmark.spread import rounded
from gridpress.benchmark.workload import Bench, Step, Workshop


def orders(items: int, rounds: int, seed: int) -> Iterator[list[int]]:
    """For each round, every item once, in an order of its own."""
    rng = np.random.default_rng(seed)
    for _ in range(rounds):
        yield [int(item) for item in rng.permutation(items)]


def time_cases(
    bench: Bench,
    cases: Sequence[Case],
    on_block: Callable[[Case, int], None],
    on_round: Callable[[], None],
) -> dict[Case, list[float]]:
    """Seconds per step of every case, one value per round.

    Warm-up comes first and is not timed; a block is one case's `settle_steps` untimed steps (another case
    ran before) and `block_steps` timed ones.

    Args:
        bench: number of steps and blocks, seed, targets and images.
        cases: what to time.
        on_block: told the case and the number of steps done.
        on_round: told when every case had its turn.
    """
    settings, workshop = bench.settings, Workshop(bench)
    steps = {case: workshop.step(case) for case in cases}
    seconds: dict[Case, list[float]] = {case: [] for case in cases}
    for number in next(orders(len(cases), 1, settings.seed)):
        case = cases[number]
        steps[case].prepare()
        run(steps[case], settings.warmup_steps)
        steps[case].leave()
        on_block(case, settings.warmup_steps)
    for order in orders(len(cases), settings.blocks, settings.seed):
        for number in order:
            case = cases[number]
            steps[case].prepare()
            run(steps[case], settings.settle_steps)
            with no_garbage_collection():
                begin = time.perf_counter()
                run(steps[case], settings.block_steps)
                seconds[case].append(rounded((time.perf_counter() - begin) / settings.block_steps))
            steps[case].leave()
            on_block(case, settings.settle_steps + settings.block_steps)
        on_round()
    return seconds


def run(step: Step, times: int) -> None:
    """Do a step several times and wait for the device."""
    for _ in range(times):
        step.run()
    synchronize(step.device)


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Keep Python's collector, which may run at any time, out of a measurement."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
