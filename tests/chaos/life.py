"""One study from nothing to its end, killed on the way; every promise is checked after every kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import psutil

from chaos.plan import DVC, DVC_SINGLE, GRIDPRESS, TRAIN, Kill
from chaos.seen import Seen
from chaos.signs import LENGTH, Signs, version
from chaos.study import outcome
from end_to_end.conftest import IDENTITY, Clone

LOOK = 0.001  # seconds between two looks for the moment to strike
GRACE = 60.0  # seconds that whatever a killed command started may take to end
LONGEST = 600.0  # seconds that a command may take


class BrokenPromiseError(AssertionError):
    """A promise that was not kept."""


@dataclass
class Life:
    """A study that is killed again and again.

    Attributes:
        clone: the study, as nothing or something was computed.
        reference: what `outcome` says of a copy that was never disturbed, in the parts to compare.
        seconds: that activities take, by name; see `signs.LENGTH`.
        say: is told what happened, in a line per kill.
    """

    clone: Clone
    reference: dict[str, Any]
    seconds: dict[str, float]
    say: Callable[[str], None]
    survived: list[Kill] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.seconds = {**LENGTH, **self.seconds}
        self.mark = uuid.uuid4().hex
        self.log = self.clone.root.with_name(f"{self.clone.root.name}.log")
        self.stages = set(self.reference["dvc.lock"])
        self.seen = Seen(self.clone, self.stages)
        self.seen.look()

    def live(self, kills: Iterable[Kill], enough: int) -> None:
        """Strike as planned until it has survived enough, then let it finish undisturbed and compare.

        Raises:
            BrokenPromiseError: a promise was not kept.
        """
        for kill in kills:
            self._strike(kill)
            if self.seen.recorded == self.stages or len(self.survived) == enough:
                break
        self._run(GRIDPRESS, None)
        found = outcome(self.clone)
        differs = [part for part in self.reference if found[part] != self.reference[part]]
        _promise(not differs, f"at the end, {differs} are not those of an undisturbed run")
        _promise("up to date" in self.clone.call("dvc", "status"), "at the end, `dvc status` is not clean")
        left = [path for path in self.clone.root.rglob(".*.partial") if ".venv" not in path.parts]
        _promise(not left, f"at the end, {left} are left behind")
        for key, epochs in self.seen.trained.items():
            resumed = json.loads(self.clone.project.timing("train", key).read_text())["resumed_at_epoch"]
            _promise((resumed or 1) > epochs, f"{key} had {epochs} epochs and went on at {resumed}")

    def _strike(self, kill: Kill) -> None:
        command = self._possible(kill.command)
        struck, ran = self._run(command, kill)
        given = next(known for known in (DVC_SINGLE, DVC, GRIDPRESS, TRAIN) if command.startswith(known))
        kill = replace(kill, command=given)
        if struck:
            self.survived.append(kill)
        state = "" if self.seen.damage() is None else f", {self.seen.damage()}"
        self.say(
            f"kill {len(self.survived)}: {kill}: {'killed' if struck else 'had ended before'}; had run "
            f"{', '.join(sorted(name.partition('-')[0] for name in ran)) or 'nothing'}; "
            f"{len(self.seen.recorded)} of {len(self.stages)} recorded{state}"
        )

    def _possible(self, command: str) -> str:
        """The command with its key, or the one that always works where it has nothing to do."""
        left = sorted(self.stages - self.seen.recorded)
        trains = [name.partition("@")[2] for name in left if name.startswith("train@")]
        if command in (DVC, DVC_SINGLE) and self.seen.damage():
            return GRIDPRESS  # DVC stops there with a message of its own, or forgets what was cut off
        if command == TRAIN and trains and "fetch@mnist" in self.seen.recorded:
            return f"{TRAIN} {trains[0]}"
        single = [name for name in left if name.startswith(("train@", "svm@"))]
        if command == DVC_SINGLE and single and "fetch@mnist" in self.seen.recorded:
            return f"{DVC_SINGLE} {single[len(self.survived) % len(single)]}"
        return DVC if command == DVC else GRIDPRESS

    def _run(self, command: str, kill: Kill | None) -> tuple[bool, set[str]]:
        """Whether the command was killed before it ended, and the stages that it began."""
        finished = self.seen.recorded | (self.seen.waiting() if command == GRIDPRESS else set())
        with self.log.open("w") as log:
            signs = Signs(self.clone, self.log)
            process = subprocess.Popen(
                command.split(),
                cwd=self.clone.root,
                env={
                    **os.environ,
                    **IDENTITY,
                    "GRIDPRESS_DATA": str(self.clone.data),
                    "GRIDPRESS_CHAOS": self.mark,
                    "PYTHONFAULTHANDLER": "1",
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                struck = self._wait(process, signs, kill)
                code = process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGABRT)  # Python shows where all its threads are
                process.wait()
                raise BrokenPromiseError(
                    f"{command} goes on after it was killed:\n{signs.output()}"
                ) from None
            finally:
                left = self._end_all(process)
        output = signs.output()
        _promise(not left, f"{command} left processes behind: {left}")
        _promise(struck or code == 0, f"{command} ended with {code}:\n{output}")
        ran = self.clone.ran(output)
        _promise(not ran & finished, f"{command} ran {sorted(ran & finished)} again:\n{output}")
        lost = self.seen.look()
        _promise(not lost, f"after {command}, {lost}")
        return struck, ran

    def _wait(self, process: subprocess.Popen[bytes], signs: Signs, kill: Kill | None) -> bool:
        """Wait for the moment and strike, or for the end of the command; True if it was struck."""
        begin, seen, strike = time.monotonic(), signs.before["lock"], None
        while process.poll() is None:
            now = time.monotonic()
            _promise(now - begin < LONGEST, "the command takes for ever")
            if kill and strike is None and signs.shows(kill.activity):
                strike = now + kill.share * self._length(kill.activity)
            if kill and strike is not None and now >= strike:
                with suppress(ProcessLookupError):
                    (os.killpg if kill.group else os.kill)(process.pid, kill.number)
                return True
            if version(signs.lock) != seen:
                seen = version(signs.lock)
                self.seen.look_at_lock()
            time.sleep(LOOK)
        return False

    def _length(self, activity: str) -> float:
        """What is left of the study scales how long anything may take."""
        if activity != "anything":
            return self.seconds[activity]
        return self.seconds[activity] * len(self.stages - self.seen.recorded) / len(self.stages)

    def _end_all(self, process: subprocess.Popen[bytes]) -> list[str]:
        """End what is left of a command after some grace; what had to be ended."""
        end = time.monotonic() + GRACE
        while (left := self._ours()) and time.monotonic() < end:
            time.sleep(0.05)
        names = []
        for one in left:
            with suppress(psutil.Error):
                names.append(" ".join(one.cmdline())[:200])
                one.kill()
        process.wait()
        return names

    def _ours(self) -> list[psutil.Process]:
        """Every process that inherited our mark."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.status() != psutil.STATUS_ZOMBIE and (
                    process.environ().get("GRIDPRESS_CHAOS") == self.mark
                ):
                    found.append(process)
        return found


def _promise(kept: bool, otherwise: str) -> None:
    if not kept:
        raise BrokenPromiseError(otherwise)
