"""The best network and SVM of each dataset, and which of them is ahead."""

from __future__ import annotations

from dataclasses import dataclass

from gridpress.report.analysis import best
from gridpress.report.analysis.best import Best
from gridpress.report.analysis.pairwise import Versus, against_best
from gridpress.report.data.study import Study


@dataclass(frozen=True)
class Leaders:
    """A dataset's best network and SVM, and their comparison on the same test images.

    `versus.first` is the one with the higher test accuracy.
    """

    dataset: str
    network: Best | None
    svm: Best | None
    versus: Versus | None

    @property
    def quicker(self) -> Best | None:
        """The one that trains in less time; None where a time is missing."""
        both = [best for best in (self.network, self.svm) if best and best.training_seconds > 0]
        return min(both, key=lambda best: best.training_seconds) if len(both) == 2 else None


def leaders(study: Study) -> list[Leaders]:
    """Per dataset; the p values are those of the table that compares all chosen classifiers."""
    networks, svms = best.overall(best.networks(study)), best.overall(best.svms(study))
    bests = best.classifiers(study)
    tested, winners = against_best(bests), best.overall(bests)

    def versus(dataset: str) -> Versus | None:
        if dataset not in networks or dataset not in svms:
            return None
        loser = svms if winners[dataset] == networks[dataset] else networks
        return tested[dataset, loser[dataset].classifier].ordered

    return [
        Leaders(dataset, networks.get(dataset), svms.get(dataset), versus(dataset))
        for dataset in study.datasets
        if dataset in networks or dataset in svms
    ]
