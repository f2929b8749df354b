"""The one place where a configuration is chosen: by validation accuracy, never by test accuracy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import fmean
from typing import NamedTuple, TypeVar

from gridpress.study.grid import CONFIGURATION
from gridpress.study.records import Milestone, TrainRecord

T = TypeVar("T")


class State(NamedTuple):
    """A training run at one of its milestones."""

    run: TrainRecord
    milestone: Milestone


def chosen(candidates: Iterable[T], validation: Callable[[T], float | None]) -> T | None:
    """The candidate of highest validation accuracy; of equals, the first.

    Candidates come in grid order with earlier milestones first, so that a tie is decided for the
    shorter training, and the same way every time.

    Args:
        candidates: configurations, each perhaps at a milestone.
        validation: validation accuracy of one (mean over its seeds), or None where it has none
            because it diverged or is missing.

    Returns:
        The choice, or None where no candidate has a validation accuracy.
    """
    best: T | None = None
    highest = float("-inf")
    for candidate in candidates:
        accuracy = validation(candidate)
        if accuracy is not None and accuracy > highest:  # NaN is never above
            best, highest = candidate, accuracy
    return best


def over_seeds(runs: Iterable[TrainRecord]) -> Iterator[list[State]]:
    """Every configuration at every milestone that all of its runs reached: its states, one per seed.

    Args:
        runs: training runs in grid order, each with its milestones in order.
    """
    configurations: dict[tuple[object, ...], list[TrainRecord]] = {}
    for run in runs:
        configuration = tuple(getattr(run, name) for name in CONFIGURATION)
        configurations.setdefault(configuration, []).append(run)
    for seeds in configurations.values():
        for milestones in zip(*(run.milestones for run in seeds), strict=False):  # a diverged seed ends it
            yield [State(run, milestone) for run, milestone in zip(seeds, milestones, strict=True)]


def mean_validation(states: Sequence[State]) -> float:
    """Validation accuracy of a configuration at a milestone: the mean over its seeds."""
    return fmean(state.milestone.validation_accuracy for state in states)


def leading_state(candidates: Iterable[Sequence[State]]) -> State | None:
    """The best seed of the configuration and milestone of the highest mean validation accuracy.

    Args:
        candidates: as `over_seeds` gives them.

    Returns:
        None where there are none.
    """
    seeds = chosen(candidates, mean_validation)
    return None if seeds is None else chosen(seeds, lambda state: state.milestone.validation_accuracy)
