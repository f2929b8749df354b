"""Chosen classifiers against one another on the same test images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from gridpress.report.analysis.best import Best, overall
from gridpress.stats.intervals import ALPHA
from gridpress.stats.multiple_comparisons import holm
from gridpress.stats.significance import Paired, mcnemar


@dataclass(frozen=True)
class Versus:
    """Two classifiers on the same test images, with the p value corrected over its family."""

    first: Best
    second: Best
    paired: Paired
    adjusted_p: float

    @property
    def ordered(self) -> Versus:
        """The same with the higher test accuracy first."""
        if self.first.accuracy >= self.second.accuracy:
            return self
        paired = mcnemar(self.second.wrong.index, self.first.wrong.index, self.first.images)
        return Versus(self.second, self.first, paired, self.adjusted_p)

    @property
    def distinguishable(self) -> bool:
        return self.adjusted_p < ALPHA


def compared(pairs: Sequence[tuple[Best, Best]]) -> list[Versus]:
    """Exact McNemar tests of one family of pairs, corrected by Holm over all of them."""
    paired = [mcnemar(a.wrong.index, b.wrong.index, a.images) for a, b in pairs]
    adjusted = holm([result.p_value for result in paired])
    return [Versus(a, b, result, p) for (a, b), result, p in zip(pairs, paired, adjusted, strict=True)]


def against_best(bests: Sequence[Best]) -> dict[tuple[str, str], Versus]:
    """Each dataset's best by validation against its other classifiers, by (dataset, classifier).

    Holm's correction runs over all comparisons of all datasets.
    """
    winners = overall(bests)
    family = compared([(winners[best.dataset], best) for best in bests if best != winners[best.dataset]])
    return {(versus.second.dataset, versus.second.classifier): versus for versus in family}


def more_accurate(bests: Sequence[Best]) -> set[tuple[str, str]]:
    """The pairs of keys of which the first is distinguishably the more accurate.

    Every classifier of a dataset is tested against every other; Holm's correction runs over all datasets.
    """
    family = compared([(a, b) for a, b in combinations(bests, 2) if a.dataset == b.dataset])
    told_apart = [versus for versus in family if versus.distinguishable]
    return {(v.first.key, v.second.key) for v in told_apart if v.paired.difference > 0} | {
        (v.second.key, v.first.key) for v in told_apart if v.paired.difference < 0
    }
