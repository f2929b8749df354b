"""The one place where a configuration is chosen: by a metric of the validation images, never by the test.

The metric is `selection.metric` of params.yaml. A score is its value, negated for log loss: more is better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import fmean
from typing import Generic, NamedTuple, TypeVar

from gridpress.config.params import Params
from gridpress.config.values import Metric
from gridpress.evaluation.scores import merit
from gridpress.families.family import Tested
from gridpress.families.registry import family_of
from gridpress.study.records.runs import RunRecord

T = TypeVar("T")
R = TypeVar("R", bound=RunRecord)


class Candidate(NamedTuple, Generic[R]):
    """A record, and one of the states in which its classifier was tested."""

    record: R
    tested: Tested


def chosen(candidates: Iterable[T], score: Callable[[T], float | None]) -> T | None:
    """The candidate of the highest score; of equals, the first.

    Candidates come in grid order with earlier milestones first, so that a tie is decided for the
    shorter training, and the same way every time.

    Args:
        candidates: configurations, each perhaps at a milestone.
        score: of one by validation (mean over its seeds), or None where it has none because it diverged or
            is missing.

    Returns:
        The choice, or None where no candidate has a score.
    """
    best: T | None = None
    highest = float("-inf")
    for candidate in candidates:
        value = score(candidate)
        if value is not None and value > highest:  # NaN is never above
            best, highest = candidate, value
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
    """The records of each classifier, by the stage of its family and its name, in their order."""
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


def score(tested: Tested, metric: Metric) -> float:
    """Of a classifier, by its validation."""
    return merit(metric, tested.validation.value(metric))


def mean_score(candidates: Sequence[Candidate[R]], metric: Metric) -> float:
    """Of a configuration in a state: the mean over its seeds."""
    return fmean(score(candidate.tested, metric) for candidate in candidates)


def leading_configuration(
    configurations: Iterable[Sequence[Candidate[R]]], metric: Metric
) -> Sequence[Candidate[R]] | None:
    """The candidates of the configuration and state of the highest mean score; None where there are none.

    Args:
        configurations: as `over_seeds` gives them.
        metric: of the study's selection.
    """
    return chosen(configurations, lambda candidates: mean_score(candidates, metric))


def leading_seed(configurations: Iterable[Sequence[Candidate[R]]], metric: Metric) -> Candidate[R] | None:
    """The best seed of the leading configuration; None where there are none."""
    seeds = leading_configuration(configurations, metric)
    return None if seeds is None else best_seed(seeds, metric)


def best_seed(seeds: Sequence[Candidate[R]], metric: Metric) -> Candidate[R]:
    """Of the highest score; of equals, the first."""
    return chosen(seeds, lambda candidate: score(candidate.tested, metric)) or seeds[0]
