"""The best a target can do: arithmetic, memory, and the cost of starting an operation."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from gridpress.benchmark.device import device_of, dtype_of, synchronize, use_threads
from gridpress.benchmark.footprint import Footprint
from gridpress.benchmark.records.cases import Roofline, TargetLimits
from gridpress.benchmark.spread import rounded
from gridpress.benchmark.timing import no_garbage_collection
from gridpress.benchmark.workload import LAYOUTS
from gridpress.config.hardware import Target

LEAST_SECONDS = 0.01  # of one measurement of arithmetic; sizes grow until it lasts as long
SCALES = (1, 2, 4, 8, 16)
MEMORY_BYTES = 256 << 20  # beyond any cache
SMALL_OPERATIONS = 2000
REPEATS = 7  # the best of them is the limit: what disturbs only ever slows


class Arithmetic(NamedTuple):
    """Something to compute, and its FLOPs, two per multiply-add."""

    run: Callable[[], Tensor]
    flops: int


def measure_limits(target: Target, threads: int) -> TargetLimits:
    """Measured on an otherwise idle target, in about a second."""
    use_threads(threads)
    device, dtype = device_of(target), dtype_of(target.precision)
    layout = LAYOUTS[target.memory_format]
    with torch.inference_mode():
        return TargetLimits(
            matmul_flops_per_second=rounded(_rate(partial(_matmul, device, dtype), device)),
            convolution_flops_per_second=rounded(_rate(partial(_convolution, device, dtype, layout), device)),
            bandwidth_bytes_per_second=rounded(_bandwidth(device)),
            operation_seconds=rounded(_operation(device)),
        )


def roofline(footprint: Footprint, seconds: float, limits: TargetLimits) -> Roofline:
    """Where a step stands below the limits of its target.

    Each of three times alone is a least time for the step: its FLOPs at the peak rate, its bytes at full
    bandwidth, its operations each at the cost of an empty one. The largest is what bounds it.

    Args:
        footprint: what the step needs.
        seconds: what it took.
        limits: of the target.
    """
    least = {
        "compute": footprint.flops / limits.peak,
        "memory": footprint.moved / limits.bandwidth_bytes_per_second,
        "overhead": footprint.operations * limits.operation_seconds,
    }
    bound = max(least, key=lambda reason: least[reason])
    return Roofline(
        intensity=rounded(footprint.flops / footprint.moved),
        flops_per_second=rounded(footprint.flops / seconds),
        attainable_flops_per_second=rounded(footprint.flops / least[bound]),
        share=rounded(least[bound] / seconds),
        bound_by=bound,
    )


def _matmul(device: torch.device, dtype: torch.dtype, scale: int) -> Arithmetic:
    size = 512 * scale
    a = torch.ones(size, size, device=device, dtype=dtype)
    return Arithmetic(lambda: a @ a, 2 * size**3)


def _convolution(
    device: torch.device, dtype: torch.dtype, layout: torch.memory_format, scale: int
) -> Arithmetic:
    batch, channels, size = 8 * scale**2, 256, 16
    images = torch.ones(batch, channels, size, size, device=device, dtype=dtype).to(memory_format=layout)
    kernel = torch.ones(channels, channels, 3, 3, device=device, dtype=dtype).to(memory_format=layout)
    flops = 2 * batch * (size - 2) ** 2 * channels**2 * 9
    return Arithmetic(lambda: functional.conv2d(images, kernel), flops)


def _rate(make: Callable[[int], Arithmetic], device: torch.device) -> float:
    """FLOP/s at the first of growing sizes that keeps the device busy long enough."""
    for scale in SCALES:
        work = make(scale)
        seconds = _best(work.run, device, 1)
        if seconds >= LEAST_SECONDS:
            break
    return work.flops / min(seconds, _best(work.run, device, REPEATS))


def _bandwidth(device: torch.device) -> float:
    source = torch.ones(MEMORY_BYTES // 4, device=device)
    copy = torch.empty_like(source)
    fastest = min(
        _best(lambda: copy.copy_(source), device, REPEATS), _best(lambda: source.mul_(1.0), device, REPEATS)
    )
    return 2 * MEMORY_BYTES / fastest


def _operation(device: torch.device) -> float:
    number = torch.ones(1, device=device)

    def work() -> None:
        for _ in range(SMALL_OPERATIONS):
            number.add_(1)

    return _best(work, device, REPEATS) / SMALL_OPERATIONS


def _best(work: Callable[[], object], device: torch.device, repeats: int) -> float:
    """Least seconds of several repeats, after one that is not timed."""
    work()
    synchronize(device)
    fastest = float("inf")
    with no_garbage_collection():
        for _ in range(repeats):
            begin = time.perf_counter()
            work()
            synchronize(device)
            fastest = min(fastest, time.perf_counter() - begin)
    return fastest
