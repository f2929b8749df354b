"""Which test images the report shows: those that a chosen classifier gets wrong together with most others.

`gridpress summarize` keeps the pixels of exactly these images and the report draws them; both ask here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gridpress.results.selection import State, chosen, leading_state, over_seeds
from gridpress.study.records import Predictions, SvmRecord, TrainRecord

SHOWN = 8  # images per chosen classifier: one row of a figure


@dataclass(frozen=True)
class Classifier:
    """A network at one milestone or a support vector machine.

    Attributes:
        stage: that wrote its record, `train` or `svm`.
        key: of the record.
        epoch: the milestone; None of a support vector machine.
        name: of the network or the kernel.
        wrong: the test images that it misclassifies, and its answers.
    """

    stage: str
    key: str
    epoch: int | None
    name: str
    wrong: Predictions


@dataclass(frozen=True)
class Miss:
    """A misclassified image: index among the pooled images, the answer, and how many classifiers are wrong."""

    index: int
    predicted: int
    classifiers: int


@dataclass(frozen=True)
class Hardest:
    """A chosen classifier and those of its errors that most classifiers share, the most shared first.

    `classifiers` is how many there are, itself included.
    """

    classifier: Classifier
    classifiers: int
    misses: Sequence[Miss]


def hardest(runs: Sequence[TrainRecord], machines: Sequence[SvmRecord], seeds: int) -> list[Hardest]:
    """For the network and the support vector machine that validation chose, up to `SHOWN` errors each.

    Every run counts once, at the last milestone that it reached (the chosen one at its milestone), and
    so does every support vector machine; those with the very same errors are one. Errors shared by equally many come by index.

    Args:
        runs: the training runs of one dataset, in grid order.
        machines: its support vector machines, in the order of params.yaml.
        seeds: runs of a configuration; one with fewer is not chosen.

    Returns:
        The network first; a family of which nothing was measured is left out.
    """
    networks = [_network(State(run, run.milestones[-1])) for run in runs if run.milestones]
    fitted = [_machine(machine) for machine in machines]
    best = chosen(machines, lambda machine: machine.validation_accuracy)
    winners = [_chosen_network(runs, seeds), None if best is None else _machine(best)]
    return [_errors(winner, [*networks, *fitted]) for winner in winners if winner is not None]


def indices(found: Iterable[Hardest]) -> list[int]:
    """The images of all of them, each once, in order."""
    return sorted({miss.index for entry in found for miss in entry.misses})


def _chosen_network(runs: Sequence[TrainRecord], seeds: int) -> Classifier | None:
    winner = leading_state(states for states in over_seeds(runs) if len(states) == seeds)
    return None if winner is None else _network(winner)


def _network(state: State) -> Classifier:
    run, milestone = state
    return Classifier("train", run.key, milestone.epoch, run.model, milestone.misclassified)


def _machine(machine: SvmRecord) -> Classifier:
    return Classifier("svm", machine.key, None, machine.config.kernel, machine.misclassified)


def _errors(winner: Classifier, all_of_them: Sequence[Classifier]) -> Hardest:
    itself = (winner.stage, winner.key)
    others = _distinct(
        winner, (classifier for classifier in all_of_them if (classifier.stage, classifier.key) != itself)
    )
    wrong = Counter(index for classifier in [winner, *others] for index in set(classifier.wrong.index))
    misses = [
        Miss(index, predicted, wrong[index])
        for index, predicted in zip(winner.wrong.index, winner.wrong.predicted, strict=True)
    ]
    misses.sort(key=lambda miss: (-miss.classifiers, miss.index))
    return Hardest(winner, len(others) + 1, misses[:SHOWN])


def _distinct(winner: Classifier, others: Iterable[Classifier]) -> list[Classifier]:
    """Where gamma `scale` and `auto` are the same number, one machine has two names."""

    def answers(classifier: Classifier) -> tuple[object, ...]:
        return (*classifier.wrong.index, *classifier.wrong.predicted)

    return list({answers(one): one for one in others if answers(one) != answers(winner)}.values())
