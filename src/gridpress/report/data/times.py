"""Times of training and fitting that can be compared: those taken on one kind of machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gridpress.families.networks import NETWORKS
from gridpress.families.registry import BY_STAGE
from gridpress.families.svms import SVMS
from gridpress.study.records.timings import ClassicalTiming, TrainTiming


@dataclass(frozen=True)
class Times:
    """The timings of one kind of machine.

    Attributes:
        kinds: of all machines with timings, as plain text, each once; the one whose times these are first.
        timings: by the stage of their family, then by key.
        elsewhere: number of timings of other kinds, left out.
    """

    kinds: list[str]
    timings: Mapping[str, Mapping[str, Any]]
    elsewhere: int

    @property
    def train(self) -> Mapping[str, TrainTiming]:
        """Those of networks."""
        return self.timings.get(NETWORKS.stage, {})

    @property
    def svm(self) -> Mapping[str, ClassicalTiming]:
        """Those of support vector machines."""
        return self.timings.get(SVMS.stage, {})

    @property
    def clocks(self) -> list[str]:
        """What the seconds are of: processor, wall or both; empty without timings."""
        return sorted({timing.clock for found in self.timings.values() for timing in found.values()})

    @property
    def clock(self) -> str:
        """The same in words, with the machine where there are several kinds."""
        match self.clocks:
            case ["processor"]:
                words = "processor time of one thread"
            case ["processor", "wall"]:
                words = "processor time where one thread computes, wall time elsewhere"
            case _:
                words = "wall time"
        return f"{words}, on {self.kinds[0]}" if len(self.kinds) > 1 else words


def comparable(timings: Mapping[str, Mapping[str, Any]]) -> Times:
    """The times of the kind of machine that timed most configurations; of equals, the first.

    Seeds may be trained on whatever machine is at hand. A mean over machines, or one machine's network beside
    another's SVM, would compare the machines.

    Args:
        timings: by the stage of their family, then by key.
    """
    timed: dict[str, set[tuple[str, str]]] = {}
    for stage, found in timings.items():
        for key, timing in found.items():
            timed.setdefault(timing.machine.kind, set()).add((stage, BY_STAGE[stage].place(key)))
    kinds = sorted(timed, key=lambda name: -len(timed[name]))
    here = {
        stage: {key: timing for key, timing in found.items() if timing.machine.kind == kinds[0]}
        for stage, found in timings.items()
    }
    return Times(kinds, here, sum(map(len, timings.values())) - sum(map(len, here.values())))
