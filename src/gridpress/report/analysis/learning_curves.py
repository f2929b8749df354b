"""Accuracy against the number of training images, and the final models: those trained on all of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean
from typing import Any, NamedTuple

from gridpress.families.networks import NETWORKS
from gridpress.families.registry import AnyFamily, family_of
from gridpress.learning_curves.curves import FULL, SATURATION
from gridpress.report.analysis import best
from gridpress.report.analysis.best import Best, Origin, best_of
from gridpress.report.data.curves import Point
from gridpress.report.data.study import Study
from gridpress.results.selection import Candidate
from gridpress.stats.intervals import Interval, mean_interval, wilson


@dataclass(frozen=True)
class Size:
    """A classifier at one number of training images, as it was tested after training, once per seed.

    Attributes:
        dataset: of the images.
        family: of the classifier.
        classifier: its name.
        fraction: of the training split.
        seeds: one each; those that diverged are left out.
        repetitions: how many there would be.
        origin: of the seeds.
    """

    dataset: str
    family: AnyFamily
    classifier: str
    fraction: float
    seeds: Sequence[Candidate[Any]]
    repetitions: int
    origin: Origin

    @property
    def images(self) -> int:
        """Used to train."""
        return self.origin.images

    @property
    def epochs(self) -> int | None:
        """Of training; None of a classifier without epochs."""
        return self.seeds[0].tested.trained

    @property
    def accuracies(self) -> list[float]:
        """Of the test images, one per seed."""
        return [seed.tested.test.accuracy for seed in self.seeds]

    @property
    def accuracy(self) -> float:
        """Their mean."""
        return fmean(self.accuracies)

    @property
    def interval(self) -> Interval:
        """The t interval of the mean over seeds; of one seed Wilson's over test images."""
        over_seeds = mean_interval(self.accuracies)
        if over_seeds.known:
            return Interval(max(0.0, over_seeds.low), min(1.0, over_seeds.high))
        tested = self.seeds[0].tested.test
        return wilson(tested.images - len(tested.misclassified.index), tested.images)


class _Entry(NamedTuple):
    """A result of a point: the key of its record, and its place in it."""

    key: str
    point: Point
    number: int

    @property
    def result(self) -> Any:
        return self.point.results[self.number]

    @property
    def images(self) -> int:
        """That it was trained on."""
        params = self.point.members[self.number].params
        return params.used(self.point.run.dataset)["train"]


@lru_cache(maxsize=1)
def sizes(study: Study) -> list[Size]:
    """By dataset, family and classifier in the order of params.yaml, the smallest number of images first."""
    groups: dict[tuple[str, str, str, float], list[_Entry]] = {}
    for curve in FULL:
        for key, point in study.points[curve.folder].items():
            for number, result in enumerate(point.results):
                family = family_of(result)
                kind = result.dataset, family.stage, family.classifier(result), point.run.fraction
                groups.setdefault(kind, []).append(_Entry(key, point, number))
    found = [size for entries in groups.values() if (size := _size(study, entries)) is not None]
    classifiers = list(dict.fromkeys((size.family.stage, size.classifier) for size in found))
    return sorted(
        found,
        key=lambda size: (
            study.datasets.index(size.dataset),
            classifiers.index((size.family.stage, size.classifier)),
            size.fraction,
        ),
    )


def _size(study: Study, entries: Sequence[_Entry]) -> Size | None:
    """None where all seeds diverged."""
    first = entries[0].result
    family = family_of(first)
    reached = [(entry, states[-1]) for entry in entries if (states := family.tested(entry.result))]
    if not reached:
        return None
    seconds = [_seconds(study, entry, tested.trained) for entry, tested in reached]
    timed = [value for value in seconds if not math.isnan(value)]
    return Size(
        dataset=first.dataset,
        family=family,
        classifier=family.classifier(first),
        fraction=entries[0].point.run.fraction,
        seeds=[Candidate(entry.result, tested) for entry, tested in reached],
        repetitions=len(entries),
        origin=Origin(
            entries[0].point.stage.folder,
            tuple(entry.key for entry, _ in reached),
            entries[0].images,
            fmean(timed) if timed else math.nan,
        ),
    )


def _seconds(study: Study, entry: _Entry, epoch: int | None) -> float:
    """Of training; NaN where it is not known or of another kind of machine than the times of the report."""
    if entry.point.timing is None:
        return math.nan
    timing = entry.point.timing.timings[entry.number]
    if timing.machine.kind not in study.times.kinds[:1]:
        return math.nan
    return family_of(entry.result).training_seconds(timing, epoch)


@lru_cache(maxsize=1)
def final_models(study: Study) -> list[Best]:
    """Of each classifier the one trained on all images, by dataset; empty where none was."""
    full = [size for size in sizes(study) if size.fraction == 1]
    return [best_of(study, size.family, size.seeds, [], size.origin) for size in full]


def headline(study: Study) -> list[Best]:
    """Of each dataset the final models, where every classifier has one; else what was chosen in the grid."""
    final, chosen = final_models(study), best.classifiers(study)
    found = []
    for dataset in study.datasets:
        of_final, of_grid = ([one for one in bests if one.dataset == dataset] for bests in (final, chosen))
        complete = {one.classifier for one in of_final} >= {one.classifier for one in of_grid}
        found += of_final if of_final and complete else of_grid
    return found


class Saturated(NamedTuple):
    """The network that validation chose in the grid, with all images and more epochs.

    Attributes:
        best: as it was tested last.
        origin: of its record.
        states: as it was tested, after ever more epochs.
        shorter: the first of these; where it was tested once, the final model of the same network and seed;
            None where there is none.
    """

    best: Best
    origin: Origin
    states: Sequence[Candidate[Any]]
    shorter: Candidate[Any] | None


def saturation(study: Study) -> Iterator[Saturated]:
    """In the order of params.yaml; those that diverged are left out."""
    for key, point in study.points[SATURATION.folder].items():
        for number in range(len(point.results)):
            entry = _Entry(key, point, number)
            states = [Candidate(entry.result, tested) for tested in NETWORKS.tested(entry.result)]
            if states:
                seconds = _seconds(study, entry, states[-1].tested.trained)
                origin = Origin(point.stage.folder, (key,), entry.images, seconds)
                best = best_of(study, NETWORKS, states[-1:], [], origin)
                shorter = states[0] if len(states) > 1 else _final_of(study, entry.result)
                yield Saturated(best, origin, states, shorter)


def _final_of(study: Study, record: Any) -> Candidate[Any] | None:
    """The final model of the same network and seed, as it was tested last."""
    wanted = record.dataset, NETWORKS, record.model, 1
    found = [
        seed
        for size in sizes(study)
        if (size.dataset, size.family, size.classifier, size.fraction) == wanted
        for seed in size.seeds
    ]
    return next((seed for seed in found if seed.record.seed == record.seed), None)
