"""Which seconds a record holds.

A run in one thread of a CPU is timed by the processor time of that thread, so that other work on the
machine, such as runs side by side, does not count as its own. Where threads or a device work for it, only the
wall clock tells.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

Clock = Literal["processor", "wall"]

CLOCKS: dict[Clock, Callable[[], float]] = {"processor": time.thread_time, "wall": time.perf_counter}


def clock_for(device: str, threads: int) -> Clock:
    """The clock that tells what a run costs on `device` (cpu, cuda, mps) with that many CPU threads."""
    return "processor" if device == "cpu" and threads == 1 else "wall"


def read(clock: Clock) -> float:
    """Seconds; only differences mean something, and only within one thread."""
    return CLOCKS[clock]()
