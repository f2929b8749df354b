"""When, how and at what to strike: drawn from a seed, so that a life can be lived again."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass

GRIDPRESS, DVC, DVC_SINGLE, TRAIN = (
    "gridpress repro --jobs 2",
    "dvc repro",
    "dvc repro --single-item",
    "gridpress train",
)
COMMANDS = {GRIDPRESS: 9, DVC: 6, DVC_SINGLE: 3, TRAIN: 2}  # with their weights
EARLY = ("starting", "fetching", "recording data")
MIDDLE = (
    "anything",
    "training",
    "writing a checkpoint",
    "writing a record",
    "writing dvc.lock",
    "writing dvc.lock",
    "locking",
)
BESIDES = {GRIDPRESS: ("keeping a finished run", "recording runs")}  # what only this command does
LATE = ("summarizing", "rendering", "rendering", "writing dvc.lock", "anything")
LIFE = (len(EARLY) - 1, 7, 2)  # how many of each, in this order


@dataclass(frozen=True)
class Kill:
    """One strike.

    Attributes:
        command: what is struck, as a person would type it; the key of a single stage is found when it starts.
        number: the signal.
        group: strike the whole process group, or else the command's own process only.
        activity: what it shall be doing.
        share: of the time that the activity may take, from 0 to 1.
    """

    command: str
    number: signal.Signals
    group: bool
    activity: str
    share: float

    def __str__(self) -> str:
        whom = "its group" if self.group else "it alone"
        return f"{self.command} | {self.number.name} to {whom} while {self.activity} ({self.share:.2f})"


def life(seed: int, number: int) -> list[Kill]:
    """The kills of one life from nothing to a finished study."""
    rng = _generator(seed, number)
    early = sorted(rng.sample(EARLY, LIFE[0]), key=EARLY.index)
    late = sorted(rng.sample(LATE, LIFE[2]), key=LATE.index)
    return [
        *(_kill(rng, activity, single=False) for activity in early),
        *(_kill(rng, None, single=True) for _ in range(LIFE[1])),
        *(_kill(rng, activity, single=False) for activity in late),
    ]


def middle_of_life(seed: int, number: int) -> Iterator[Kill]:
    """Kills while runs are computed and recorded only, without end."""
    rng = _generator(seed, number)
    while True:
        yield _kill(rng, None, single=True)


def _generator(seed: int, number: int) -> random.Random:
    return random.Random(f"{seed} {number}")  # noqa: S311  # no secret depends on it


def _kill(rng: random.Random, activity: str | None, *, single: bool) -> Kill:
    commands = COMMANDS if single else {GRIDPRESS: 1, DVC: 1}
    command = rng.choices(list(commands), list(commands.values()))[0]
    if activity is None:
        activity = rng.choice(MIDDLE[:4] if command == TRAIN else (*MIDDLE, *BESIDES.get(command, ())))
    number = rng.choice((signal.SIGKILL, signal.SIGTERM))
    return Kill(command, number, rng.random() < 0.75, activity, rng.random())
