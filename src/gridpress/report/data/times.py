"""Times of training and fitting that can be compared: those taken on one kind of machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gridpress.report.presentation.markup import escape
from gridpress.study.records.timings import SvmTiming, TrainTiming


@dataclass(frozen=True)
class Times:
    """The timings of one kind of machine, by key.

    Attributes:
        kinds: of all machines with timings, as plain text, each once; the one whose times these are first.
        train: of networks.
        svm: of support vector machines.
        elsewhere: number of timings of other kinds, left out.
    """

    kinds: list[str]
    train: dict[str, TrainTiming]
    svm: dict[str, SvmTiming]
    elsewhere: int

    @property
    def clocks(self) -> list[str]:
        """What the seconds are of: processor, wall or both; empty without timings."""
        timings: list[TrainTiming | SvmTiming] = [*self.train.values(), *self.svm.values()]
        return sorted({timing.clock for timing in timings})

    @property
    def clock(self) -> str:
        """The same as Markdown, with the machine where there are several kinds."""
        match self.clocks:
            case ["processor"]:
                words = "processor time of one thread"
            case ["processor", "wall"]:
                words = "processor time where one thread computes, wall time elsewhere"
            case _:
                words = "wall time"
        return f"{words}, on {escape(self.kinds[0])}" if len(self.kinds) > 1 else words


def comparable(
    train: Mapping[str, TrainTiming], svm: Mapping[str, SvmTiming], configurations: Mapping[str, object]
) -> Times:
    """The times of the kind of machine that timed most configurations; of equals, the first.

    Seeds may be trained on whatever machine is at hand. A mean over machines, or one machine's network beside
    another's SVM, would compare the machines.

    Args:
        train: timings of networks.
        svm: timings of support vector machines, each a configuration of its own.
        configurations: of every key of `train`, what it has in common with those of other seeds.
    """
    timed: dict[str, set[object]] = {}
    for key, run in train.items():
        timed.setdefault(run.machine.kind, set()).add(configurations[key])
    for key, fit in svm.items():
        timed.setdefault(fit.machine.kind, set()).add(key)
    kinds = sorted(timed, key=lambda name: -len(timed[name]))
    trained = {key: run for key, run in train.items() if run.machine.kind == kinds[0]}
    fitted = {key: fit for key, fit in svm.items() if fit.machine.kind == kinds[0]}
    return Times(kinds, trained, fitted, len(train) + len(svm) - len(trained) - len(fitted))
