"""Finished runs go into dvc.lock in batches: DVC rewrites the whole file each time, whatever the number."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gridpress.errors import GridpressError
from gridpress.pipeline.dvc.recording import commit, in_use
from gridpress.pipeline.dvc.status import inputs_digest, opened, stages
from gridpress.pipeline.lockfile.keeper import keep
from gridpress.pipeline.processes.interrupt import uninterrupted
from gridpress.pipeline.repro.finished import Finished
from gridpress.study.project import Project

COST_PER_STAGE = 0.03  # seconds of recording that a stage may cost
LONGEST_WAIT = 60.0  # seconds that a finished run may wait for company


def record(project: Project, finished: Iterable[Finished]) -> list[str]:
    """Put finished runs in place and record them, as `dvc commit` does, with one write of dvc.lock.

    A run whose parameters, data or code have changed since it was computed is not recorded.

    Returns:
        The names of those that were not.

    Raises:
        GridpressError: DVC could not record, or a file could not be written; nothing is lost by it.
    """
    recorded, refused = [], []
    with uninterrupted():
        with opened(project) as repo:
            named = stages(repo)
            for run in finished:
                stage = named.get(run.name)
                if stage is None or inputs_digest(stage) != run.digest:
                    refused.append(run)
                    continue
                run.place(project)
                recorded.append(run)
            commit([named[run.name] for run in recorded])
        keep(project)
        for run in (*recorded, *refused):
            run.discard(project)
    return [run.name for run in refused]


@contextmanager
def recorded(project: Project, name: str, outputs: Sequence[Path]) -> Iterator[None]:
    """The block writes a stage's outputs, which are recorded after it; other DVC processes keep off them.

    Raises:
        GridpressError: DVC cannot record, or another process of DVC is at these files.
    """
    with in_use(project, outputs):
        yield
        with uninterrupted():
            with opened(project) as repo:
                if stage := stages(repo).get(name):  # else params.yaml changed meanwhile
                    commit([stage])
            keep(project)


@dataclass
class Recorder:
    """Collects finished runs and records them when enough have come together or one has waited long."""

    project: Project
    pending: list[Finished] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    cost: float = 1.0  # seconds that the last batch took; of the first one, about what it takes
    since: float = 0.0

    def add(self, run: Finished) -> None:
        run.keep(self.project)
        self.since = self.since if self.pending else time.monotonic()
        self.pending.append(run)

    def due(self) -> bool:
        waited = time.monotonic() - self.since
        return bool(self.pending) and (
            len(self.pending) * COST_PER_STAGE >= self.cost or waited > LONGEST_WAIT
        )

    def flush(self, *, final: bool = True) -> None:
        """Record all that is pending.

        A DVC that is busy elsewhere is asked again later unless this is final.
        """
        if not self.pending:
            return
        begin = time.monotonic()
        try:
            self.refused += record(self.project, self.pending)
        except GridpressError:
            if final:
                raise
            self.since = begin
        else:
            self.pending = []
        self.cost = time.monotonic() - begin
