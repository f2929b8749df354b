"""What else the machine was doing: time of its cores that other processes took."""

from __future__ import annotations

import time
from collections.abc import Sequence

import psutil

from gridpress.benchmark.records.hardware import ForeignLoad
from gridpress.system.resources import load_average

BUSY = ("user", "nice", "system", "irq", "softirq", "steal")  # steal: taken by other virtual machines
HEAVY = 0.1  # share of all cores from which foreign load makes figures doubtful
IDLE_SECONDS = 1.0


class LoadWatch:
    """Measures the share of all cores' time that other processes use, from one look to the next."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._look()

    @classmethod
    def while_idle(cls) -> float:
        """The foreign share while this process waits for a second."""
        watch = cls()
        time.sleep(IDLE_SECONDS)
        return watch.foreign_share()

    def foreign_share(self) -> float:
        """Since the last look: 0 where this process alone ran, 1 where others had every core."""
        wall, busy, own = self._wall, self._busy, self._own
        self._look()
        available = (self._wall - wall) * (psutil.cpu_count() or 1)
        foreign = (self._busy - busy) - (self._own - own)
        return round(min(1.0, max(0.0, foreign / available)), 4) if available else 0.0

    def _look(self) -> None:
        times = psutil.cpu_times()
        own = self._process.cpu_times()
        self._wall = time.monotonic()
        self._busy = sum(getattr(times, field, 0.0) for field in BUSY)
        self._own = own.user + own.system + own.children_user + own.children_system


def foreign_load(before: float, during: Sequence[float], average_before: list[float] | None) -> ForeignLoad:
    """What others used, judged.

    Args:
        before: foreign share while nothing was measured yet.
        during: foreign share of each round.
        average_before: load average at the beginning.
    """
    mean = sum(during) / len(during) if during else 0.0
    return ForeignLoad(
        before=before,
        during=list(during),
        load_average_before=average_before,
        load_average_after=load_average(),
        heavy=max(before, mean) >= HEAVY,
    )
