"""What a person sees while runs are computed: a line per worker in a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Self

from rich.live import Live
from rich.table import Table

from gridpress.pipeline.repro.estimate import makespan
from gridpress.progress import PLAIN_INTERVAL, clock, console

REFRESH = 4  # a second


@dataclass
class Running:
    """A run in a worker."""

    worker: str
    begin: float = field(default_factory=time.monotonic)
    share: float = 0.0  # done, from 0 to 1
    note: str = ""
    shown: float = field(default_factory=time.monotonic)


class View:
    """Follows the runs of a study.

    Args:
        seconds: what each run is estimated to take, None where unknown.
        jobs: how many run at once.
    """

    def __init__(self, seconds: dict[str, float | None], jobs: int) -> None:
        self.seconds = seconds
        self.jobs = jobs
        self.total = len(seconds)
        self.todo = list(seconds)
        self.running: dict[str, Running] = {}
        self.finished = self.failed = 0
        self.live = Live(console=console, get_renderable=self.table, refresh_per_second=REFRESH)

    def __enter__(self) -> Self:
        if console.is_terminal:
            self.live.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.live.stop()

    def say(self, text: str) -> None:
        console.print(text, markup=False)

    def progress(self, name: str, worker: str, share: float, note: str | None) -> None:
        """A worker reports; the first time, this is how we learn that it has begun."""
        run = self.running.get(name)
        if run is None or run.worker != worker:
            again = f" again, after worker {run.worker} was lost" if run else ""
            run = self.running[name] = Running(worker)
            self.todo = [other for other in self.todo if other != name]
            self.say(f"Running stage '{name}'{again}: worker {worker}")
        run.share, run.note = share, note or run.note
        now = time.monotonic()
        if not console.is_terminal and now - run.shown > PLAIN_INTERVAL:
            run.shown = now
            self.say(f"  {name}: {share:.0%} {run.note}")

    def done(self, name: str) -> None:
        run = self.running.pop(name, None)
        self.finished += 1
        took = f" in {time.monotonic() - run.begin:.1f} s" if run else ""
        self.say(f"Finished stage '{name}'{took} ({self.state()})")

    def fail(self, name: str, reason: str) -> None:
        self.running.pop(name, None)
        self.todo = [other for other in self.todo if other != name]
        self.failed += 1
        self.say(f"Failed stage '{name}': {reason}")

    def state(self) -> str:
        left = self.left()
        parts = [f"{self.finished} of {self.total} done"]
        parts += [f"{self.failed} failed"] if self.failed else []
        parts += [f"about {clock(left)} left"] if left else []
        return ", ".join(parts)

    def left(self) -> float | None:
        """Seconds until everything is done, or None while nothing tells."""
        now = time.monotonic()
        left = {name: self.seconds[name] for name in self.todo}
        for name, run in self.running.items():
            total = (now - run.begin) / run.share if run.share > 0 else self.seconds[name]
            left[name] = None if total is None else max(0.0, total - (now - run.begin))
        return makespan(left, left, self.jobs)

    def table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for name, run in sorted(self.running.items(), key=lambda item: item[1].worker):
            table.add_row(f"worker {run.worker}", name, f"{run.share:.0%}", run.note)
        table.add_row("", self.state())
        return table
