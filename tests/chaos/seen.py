"""What has been seen to be finished, and so must never be computed again."""

from __future__ import annotations

import io
import json
from itertools import chain

import psutil
import torch

from end_to_end.conftest import Clone
from gridpress.config.yaml_file import read_yaml
from gridpress.pipeline import checkpoints
from gridpress.pipeline.lockfile import entries as lock
from gridpress.pipeline.lockfile.judge import in_place


class Seen:
    """What a study held at any time of its life.

    Args:
        clone: the study.
        stages: all that it has.

    Attributes:
        recorded: the stages whose whole entry was in dvc.lock.
        trained: epochs in the checkpoint of each training run, by its key.
    """

    def __init__(self, clone: Clone, stages: set[str]) -> None:
        self.clone = clone
        self.stages = stages
        self.recorded: set[str] = set()
        self.trained: dict[str, int] = {}
        pipeline = read_yaml(clone.root / "dvc.yaml")["stages"]
        self.outs = {
            kind: sum(len(stage.get(part, [])) for part in ("outs", "metrics"))
            for kind, stage in pipeline.items()
        }

    def look(self) -> str | None:
        """See what is finished now; what is lost, if anything is."""
        self.look_at_lock()
        unfinished = sorted(self.stages - self.recorded - self.waiting())
        for key in (name.partition("@")[2] for name in unfinished if name.startswith("train@")):
            epochs, before = self._epochs(key), self.trained.get(key, 0)
            if epochs is None:
                return f"a checkpoint of {key} is broken"
            if epochs < before:
                return f"{key} has {epochs} epochs in its checkpoint and had {before}"
            self.trained[key] = epochs
        return None

    def look_at_lock(self) -> None:
        """Add what dvc.lock records with all its files, also where the rest of it is cut off."""
        text = self._lock()
        entries = lock.read(text)
        for name, entry in (lock.read_beginning(text) if entries is None else entries).items():
            outs = entry.get("outs") or []
            if len(outs) == self.outs[name.partition("@")[0]] and in_place(self.clone.root, entry):
                self.recorded.add(name)

    def waiting(self) -> set[str]:
        """Finished runs that DVC has not recorded."""
        return {path.parent.name for path in self.clone.project.scratch.glob("finished/*/*.json")}

    def damage(self) -> str | None:
        """What plain DVC would stop at, or would forget."""
        text = self._lock()
        if text and lock.read(text) is None:
            return "dvc.lock is broken"
        if self.recorded - set(lock.read(text) or {}):
            return "dvc.lock is shortened"
        path = self.clone.root / ".dvc" / "tmp" / "rwlock"
        try:
            held = json.loads(path.read_text()) if path.is_file() else {}
        except ValueError:
            return "DVC's list of locks is broken"
        holders = [*held.get("write", {}).values(), *chain(*held.get("read", {}).values())]
        return "a dead process blocks DVC" if any(psutil.pid_exists(by["pid"]) for by in holders) else None

    def _epochs(self, key: str) -> int | None:
        folder = self.clone.project.scratch / "checkpoints" / f"train@{key}"
        states = [checkpoints.read(path) for path in folder.glob("*.pt")]
        if None in states:
            return None
        whole = [torch.load(io.BytesIO(state), weights_only=True) for state in states if state is not None]
        return max((len(state["progress"]["history"]) for state in whole), default=0)

    def _lock(self) -> str:
        path = self.clone.root / "dvc.lock"
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
