"""Where one classifier overtakes another as the training images become more."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from gridpress.families.registry import FAMILIES
from gridpress.report.analysis.best import Best, overall
from gridpress.report.analysis.learning_curves import Size, final_models, sizes
from gridpress.report.data.study import Study
from gridpress.stats.intervals import NO_INTERVAL, Interval, welch_interval


@dataclass(frozen=True)
class Crossing:
    """Where one classifier overtakes another as the training images become more.

    Attributes:
        before: the other at the last size at which it was ahead, and `after` at the next one.
        overtaking: the one that is ahead from there, at the same two sizes.
    """

    before: tuple[Size, Size]
    after: tuple[Size, Size]

    @property
    def overtaken(self) -> Size:
        return self.before[1]

    @property
    def overtaking(self) -> Size:
        return self.before[0]

    @property
    def images(self) -> float:
        """At which the two lines cross, interpolated in the logarithm of the number of images."""
        lead, gain = (-difference(*pair) for pair in (self.before, self.after))
        share = lead / (lead - gain)
        low, high = (math.log(pair[0].images) for pair in (self.before, self.after))
        return math.exp(low + share * (high - low))


def difference(one: Size, other: Size) -> float:
    """Accuracy of the first minus that of the other, means over seeds."""
    return one.accuracy - other.accuracy


def difference_interval(one: Size, other: Size) -> Interval:
    """Of `difference`, over seeds (Welch); none where neither was repeated, or of repetitions one is left."""
    if any(len(size.seeds) < 2 <= size.repetitions for size in (one, other)):
        return NO_INTERVAL
    return welch_interval(one.accuracies, other.accuracies)


def crossings(study: Study) -> list[Crossing]:
    """Where the network that does best on all images overtakes the best classifier of each other family."""
    found = []
    leaders = [overall([one for one in final_models(study) if one.family is family]) for family in FAMILIES]
    for dataset in study.datasets:
        network, *others = [_curve(study, best[dataset]) if dataset in best else {} for best in leaders]
        for other in others:
            pairs = [(network[images], other[images]) for images in sorted(network.keys() & other.keys())]
            pairs = [pair for pair in pairs if difference(*pair)]
            found += [
                Crossing(before, after)
                for before, after in pairwise(pairs)
                if difference(*before) < 0 < difference(*after)
            ][-1:]
    return found


def _curve(study: Study, best: Best) -> dict[int, Size]:
    """Every size of a classifier, by its number of images."""
    wanted = best.dataset, best.family, best.classifier
    return {
        size.images: size for size in sizes(study) if (size.dataset, size.family, size.classifier) == wanted
    }
