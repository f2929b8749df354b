"""The best classifier of each family on each dataset, and how they compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridpress.families.registry import FAMILIES
from gridpress.report.analysis import best
from gridpress.report.analysis.best import Best
from gridpress.report.analysis.learning_curves import headline
from gridpress.report.analysis.pairwise import Versus, against_best
from gridpress.report.data.study import Study


@dataclass(frozen=True)
class Leaders:
    """A dataset's best classifier of each family.

    Attributes:
        dataset: of all of them.
        bests: one of each family, in the order of the families.
        winner: the one that validation ranks highest.
        comparisons: the winner with each other one on the same test images; `first` of each is the one with
            the higher test accuracy.
    """

    dataset: str
    bests: Sequence[Best]
    winner: Best
    comparisons: Sequence[Versus]

    @property
    def alike(self) -> Sequence[Best]:
        """Those that the test images do not tell from the winner."""
        return [
            versus.second if versus.first == self.winner else versus.first
            for versus in self.comparisons
            if not versus.distinguishable
        ]

    @property
    def quicker(self) -> Best | None:
        """Of these the one of the least training time, where that is less than the winner's."""
        faster = [one for one in self.alike if one.training_seconds < self.winner.training_seconds]
        return min(faster, key=lambda one: one.training_seconds, default=None)


def leaders(study: Study) -> list[Leaders]:
    """Per dataset, of the final models where there are any, else of what was chosen in the grid.

    The p values are those of the table that compares all of these classifiers.
    """
    everyone = headline(study)
    tested, winners = against_best(everyone), best.overall(everyone)
    of_families = [best.overall([one for one in everyone if one.family is family]) for family in FAMILIES]
    found = []
    for dataset, winner in winners.items():
        bests = [of_family[dataset] for of_family in of_families if dataset in of_family]
        others = [tested[dataset, one.classifier].ordered for one in bests if one != winner]
        found.append(Leaders(dataset, bests, winner, others))
    return found
