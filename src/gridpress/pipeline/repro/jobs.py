"""How many runs are computed at once."""

from __future__ import annotations

from gridpress.config.params import Params
from gridpress.system.resources import available_memory, usable_cores

RUN_MEMORY = 1_500_000_000  # bytes, at the peak of a run of ResNet-50 (benchmarks/results/memory.json)


def at_most(params: Params, asked: int | None) -> int:
    """As many as are asked for, else as cores and memory allow."""
    return asked or max(1, min(usable_cores() // params.train.threads, available_memory() // RUN_MEMORY))
