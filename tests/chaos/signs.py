"""What a command is at, as far as it can be seen from outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from end_to_end.conftest import Clone

# Seconds that an activity takes, from its first sign; what is aimed into the middle of a write takes none.
LENGTH = {
    "starting": 4.0,
    "fetching": 0.3,
    "recording data": 1.5,
    "training": 2.0,
    "writing a checkpoint": 0.02,
    "writing a record": 0.02,
    "writing dvc.lock": 0.02,
    "locking": 0.1,
    "keeping a finished run": 0.05,
    "recording runs": 0.5,
    "summarizing": 3.0,
}


class Signs:
    """Compares a study with what it was when a command began.

    Args:
        clone: the study.
        log: where the command writes.
    """

    def __init__(self, clone: Clone, log: Path) -> None:
        self.project = clone.project
        self.lock = clone.root / "dvc.lock"
        self.rwlock = clone.root / ".dvc" / "tmp" / "rwlock"
        self.log = log
        self.before = {"lock": version(self.lock), "rwlock": version(self.rwlock)}
        self.checkpoints = self._checkpoints()
        self.finished = set(self.project.scratch.glob("finished/*/*.json"))

    def shows(self, activity: str) -> bool:
        """Whether the command has begun with it."""
        scratch = self.project.scratch
        sign: Callable[[], object] = {
            "starting": lambda: True,
            "anything": lambda: True,
            "fetching": lambda: self.project.raw(".mnist.partial").exists(),
            "recording data": lambda: self.project.record("data", "mnist").exists(),
            "training": lambda: self._checkpoints() - self.checkpoints,
            "writing a checkpoint": lambda: any(scratch.glob("checkpoints/*/.*.partial")),
            "writing a record": lambda: any(self.project.metrics.rglob(".*.partial")),
            "writing dvc.lock": lambda: version(self.lock) != self.before["lock"],
            "locking": lambda: version(self.rwlock) != self.before["rwlock"],
            "keeping a finished run": lambda: any(scratch.glob("finished/*/.*.partial")),
            "recording runs": lambda: set(scratch.glob("finished/*/*.json")) - self.finished,
            "summarizing": lambda: "Running stage 'summarize'" in self.output(),
            "rendering": lambda: "Running stage 'report'" in self.output(),
        }[activity]
        return bool(sign())

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _checkpoints(self) -> set[tuple[Path, object]]:
        return {(path, version(path)) for path in self.project.scratch.glob("checkpoints/*/*.pt")}


def version(path: Path) -> tuple[int, int] | None:
    """What changes whenever a file is written; None where there is none."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_mtime_ns, state.st_size
