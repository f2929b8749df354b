"""Which test images the report shows: those that a chosen classifier gets wrong together with most others.

`gridpress summarize` keeps the pixels of exactly these images and the report draws them; both ask here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gridpress.config.params import Params
from gridpress.families.registry import FAMILIES, AnyFamily, family_of
from gridpress.results.selection import Candidate, complete, leading_seed
from gridpress.study.records.runs import Predictions, RunRecord

SHOWN = 8  # images per chosen classifier: one row of a figure


@dataclass(frozen=True)
class Classifier:
    """A trained classifier.

    Attributes:
        family: its kind.
        key: of its record.
        epoch: the milestone; None where there are none.
        name: of the network, kernel or estimator.
        wrong: the test images that it misclassifies, and its answers.
    """

    family: AnyFamily
    key: str
    epoch: int | None
    name: str
    wrong: Predictions

    @property
    def title(self) -> str:
        return self.family.title(self.name)


@dataclass(frozen=True)
class Misclassified:
    """A misclassified image: index among the pooled ones, the answer, and how many classifiers are wrong."""

    index: int
    predicted: int
    classifiers: int


@dataclass(frozen=True)
class MostSharedErrors:
    """A chosen classifier and those of its errors that most classifiers share, the most shared first.

    `classifiers` is how many there are, itself included.
    """

    classifier: Classifier
    classifiers: int
    misses: Sequence[Misclassified]


def most_shared_errors(records: Sequence[RunRecord], params: Params) -> list[MostSharedErrors]:
    """For the classifier of each family that validation chose, up to `SHOWN` errors.

    Every run counts once, in the last state in which it was tested (the chosen one in its own); those with
    the very same errors are one. Errors shared by equally many come by index.

    Args:
        records: of all runs of one dataset, in the order of params.yaml.
        params: say how often runs are repeated; a configuration with fewer is not chosen.

    Returns:
        In the order of the families; one of which nothing was measured is left out.
    """
    states = [(record, family_of(record).tested(record)) for record in records]
    classifiers = [_classifier(Candidate(record, tested[-1])) for record, tested in states if tested]
    winners = [
        leading_seed(
            complete((record for record in records if family_of(record) is family), params),
            params.selection.metric,
        )
        for family in FAMILIES
    ]
    return [_errors(_classifier(winner), classifiers) for winner in winners if winner is not None]


def indices(found: Iterable[MostSharedErrors]) -> list[int]:
    """The images of all of them, each once, in order."""
    return sorted({miss.index for entry in found for miss in entry.misses})


def _classifier(candidate: Candidate[RunRecord]) -> Classifier:
    record, tested = candidate
    family = family_of(record)
    return Classifier(family, record.key, tested.epoch, family.classifier(record), tested.test.misclassified)


def _errors(winner: Classifier, all_of_them: Sequence[Classifier]) -> MostSharedErrors:
    others = _distinct(
        winner, (one for one in all_of_them if (one.family, one.key) != (winner.family, winner.key))
    )
    wrong = Counter(index for classifier in [winner, *others] for index in set(classifier.wrong.index))
    misses = [
        Misclassified(index, predicted, wrong[index])
        for index, predicted in zip(winner.wrong.index, winner.wrong.predicted, strict=True)
    ]
    misses.sort(key=lambda miss: (-miss.classifiers, miss.index))
    return MostSharedErrors(winner, len(others) + 1, misses[:SHOWN])


def _distinct(winner: Classifier, others: Iterable[Classifier]) -> list[Classifier]:
    """Where gamma `scale` and `auto` are the same number, one SVM has two names."""

    def answers(classifier: Classifier) -> tuple[object, ...]:
        return (*classifier.wrong.index, *classifier.wrong.predicted)

    return list({answers(one): one for one in others if answers(one) != answers(winner)}.values())
