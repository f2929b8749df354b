"""The one place where a configuration is chosen: by validation accuracy, never by test accuracy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import fmean
from typing import Generic, NamedTuple, TypeVar

from gridpress.config.params import Params
from gridpress.families.family import Tested
from gridpress.families.registry import family_of
from gridpress.study.records.runs import RunRecord

T = TypeVar("T")
R = TypeVar("R", bound=RunRecord)


class Candidate(NamedTuple, Generic[R]):
    """A record, and one of the states in which its classifier was tested."""

    record: R
    tested: Tested


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


def over_seeds(records: Iterable[R]) -> Iterator[list[Candidate[R]]]:
    """Every configuration in every state that all of its runs reached: its candidates, one per seed.

    Args:
        records: in the order of params.yaml.
    """
    configurations: dict[tuple[object, ...], list[R]] = {}
    for record in records:
        family = family_of(record)
        configurations.setdefault((family.stage, *family.configuration(record)), []).append(record)
    for seeds in configurations.values():
        states = (family_of(record).tested(record) for record in seeds)
        for together in zip(*states, strict=False):  # a diverged seed ends it
            yield [Candidate(record, tested) for record, tested in zip(seeds, together, strict=True)]


def by_classifier(records: Iterable[R]) -> dict[tuple[str, str], list[R]]:
    """The records of each network or kernel, by the stage of its family and its name, in their order."""
    found: dict[tuple[str, str], list[R]] = {}
    for record in records:
        family = family_of(record)
        found.setdefault((family.stage, family.classifier(record)), []).append(record)
    return found


def complete(records: Iterable[R], params: Params) -> list[list[Candidate[R]]]:
    """As `over_seeds`, of the configurations of which every seed has a record."""
    return [
        candidates
        for candidates in over_seeds(records)
        if len(candidates) == family_of(candidates[0].record).repetitions(params)
    ]


def mean_validation(candidates: Sequence[Candidate[R]]) -> float:
    """Validation accuracy of a configuration in a state: the mean over its seeds."""
    return fmean(candidate.tested.validation_accuracy for candidate in candidates)


def leading_seed(configurations: Iterable[Sequence[Candidate[R]]]) -> Candidate[R] | None:
    """The best seed of the configuration and state of the highest mean validation accuracy.

    Args:
        configurations: as `over_seeds` gives them.

    Returns:
        None where there are none.
    """
    seeds = chosen(configurations, mean_validation)
    return None if seeds is None else best_seed(seeds)


def best_seed(seeds: Sequence[Candidate[R]]) -> Candidate[R]:
    """Of the highest validation accuracy; of equals, the first."""
    return chosen(seeds, lambda candidate: candidate.tested.validation_accuracy) or seeds[0]
