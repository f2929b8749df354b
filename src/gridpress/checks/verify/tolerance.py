"""How far two honest computations of one accuracy may lie apart where the last bits differ.

Training amplifies a difference in the last bit until the network is another draw of the seed. So the interval
of the difference has two parts, added as squares: which test images were drawn (Wilson) and which seed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from gridpress.families.registry import family_of
from gridpress.messages import counted
from gridpress.stats.intervals import ALPHA, wilson
from gridpress.study.records.runs import RunRecord


@dataclass(frozen=True)
class SeedNoise:
    """Standard deviation of an accuracy over seeds, and its degrees of freedom."""

    deviation: float
    degrees: int


@dataclass(frozen=True)
class Tolerance:
    """Half the width of a 95 % interval of the difference between two accuracies, and what it is made of."""

    half_width: float
    reason: str


def tolerance(accuracy: float, images: int, noise: SeedNoise | None) -> Tolerance:
    """How far another computation of an accuracy may lie from this one.

    Half-widths of both accuracies are added as squares (Newcombe 1998, "Interval estimation for the
    difference between independent proportions", method 10). As both are taken on the same images, that is
    wider than it need be.

    Args:
        accuracy: as computed here, which nobody could edit.
        images: that it was taken on.
        noise: of its seeds; None where they were not repeated.
    """
    interval = wilson(accuracy * images, images)
    parts = [(interval.high - interval.low) / 2]
    reason = counted(images, "image")
    if noise is not None:
        parts.append(float(t.ppf(1 - ALPHA / 2, noise.degrees)) * noise.deviation)
        reason += ", seeds"
    return Tolerance(math.sqrt(2) * math.hypot(*parts), reason)


def seed_noise(
    run: RunRecord, others: Iterable[RunRecord], epoch: int | None, split: str
) -> SeedNoise | None:
    """Spread over the seeds within a configuration, pooled over those of a dataset and classifier.

    The run itself is left out: an edited record would widen its own interval.

    Args:
        run: the record in question.
        others: all records of the study.
        epoch: a milestone; None where there are none.
        split: `test` or `validation`.

    Returns:
        None where no configuration has two seeds that reached the milestone.
    """
    family = family_of(run)
    configurations: dict[tuple[object, ...], list[float]] = {}
    for other in others:
        if not isinstance(other, family.record) or other.key == run.key:
            continue
        if (other.dataset, family.classifier(other)) != (run.dataset, family.classifier(run)):
            continue
        values = [getattr(tested, split).accuracy for tested in family.tested(other) if tested.epoch == epoch]
        configurations.setdefault(family.configuration(other), []).extend(values)
    repeated: Sequence[list[float]] = [values for values in configurations.values() if len(values) > 1]
    degrees = sum(len(values) - 1 for values in repeated)
    if degrees == 0:
        return None
    squares = sum(float(np.var(values)) * len(values) for values in repeated)
    return SeedNoise(math.sqrt(squares / degrees), degrees)
