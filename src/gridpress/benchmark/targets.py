"""Which targets this machine has, and for the others the reason why not."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from gridpress.benchmark.cost import TRAINING_FACTOR
from gridpress.benchmark.device import device_of, is_there, synchronize, use_threads
from gridpress.benchmark.workload import LAYOUTS
from gridpress.config.hardware import Target
from gridpress.messages import counted
from gridpress.system.machine import Machine
from gridpress.training.devices import autocast

PROBE_SECONDS = 0.1
PROBE_FLOPS = TRAINING_FACTOR * 2 * 8 * 16 * 16 * 64 * 64 * 9


@dataclass(frozen=True)
class Probe:
    """Whether a target can be used; `reason` where it cannot, a first guess of its speed where it can."""

    reason: str | None
    threads: int
    flops_per_second: float

    @property
    def available(self) -> bool:
        return self.reason is None


def probe(target: Target, machine: Machine) -> Probe:
    """Try a convolution with its BatchNorm and their gradients on a target."""
    cores = min(machine.physical_cores, machine.usable_cores)
    threads = cores if target.threads == "all" else target.threads
    reason = is_there(target.device)
    if reason is None and threads > machine.usable_cores:
        reason = f"{counted(threads, 'thread')} asked for, {counted(machine.usable_cores, 'core')} usable"
    if reason is not None:
        return Probe(reason, threads, 0.0)
    try:
        return Probe(None, threads, _speed(target, threads))
    except (RuntimeError, TypeError) as error:
        message = str(error).strip() or type(error).__name__
        used = f"{target.precision} {target.memory_format}"
        return Probe(f"{used} does not work here: {message.splitlines()[0]}", threads, 0.0)


def _speed(target: Target, threads: int) -> float:
    """FLOP/s of a small convolution, forward and backward, computed as a network's are on the target."""
    use_threads(threads)
    device, layout = device_of(target), LAYOUTS[target.memory_format]

    def tensor(*shape: int) -> Tensor:
        return torch.ones(*shape, device=device).to(memory_format=layout).requires_grad_()

    images, kernel = tensor(8, 64, 16, 16), tensor(64, 64, 3, 3)
    runs = 0
    begin = time.perf_counter()
    while runs < 2 or time.perf_counter() - begin < PROBE_SECONDS:
        if runs == 1:
            begin = time.perf_counter()  # the first prepares
        with autocast(device, target.precision):
            maps = functional.conv2d(images, kernel, padding=1)
            maps = functional.batch_norm(maps, None, None, training=True)
        maps.sum().backward()  # type: ignore[no-untyped-call]
        synchronize(device)
        runs += 1
    return PROBE_FLOPS * (runs - 1) / (time.perf_counter() - begin)
