"""What validation chose, per dataset and classifier."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean
from typing import Any, NamedTuple

from gridpress.families.family import Tested
from gridpress.families.networks import NETWORKS
from gridpress.families.registry import FAMILIES, AnyFamily
from gridpress.families.svms import SVMS
from gridpress.messages import counted
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import configuration
from gridpress.results.selection import (
    Candidate,
    best_seed,
    by_classifier,
    chosen,
    complete,
    leading_configuration,
    mean_score,
)
from gridpress.stats.intervals import Interval, mean_interval, wilson
from gridpress.stats.selection_bias import selection_inflation
from gridpress.stats.significance import not_distinguishable
from gridpress.study.records.runs import Evaluation, Predictions, RunRecord

Seeds = Sequence[Candidate[RunRecord]]  # of one configuration in one state


@dataclass(frozen=True)
class Best:
    """A trained classifier that validation chose.

    With several seeds it is the network of the seed that validation ranks highest; `score`, by which its
    configuration was chosen, `seed_mean` and `seed_interval` are over all of them, and `training_seconds`
    over those whose times can be compared (NaN where none can).
    """

    dataset: str
    family: AnyFamily
    classifier: str
    words: str
    folder: str  # of its record below metrics/
    key: str
    keys: tuple[str, ...]  # of all its seeds
    epoch: int | None
    trained_on: int  # images
    validation: Evaluation
    test: Evaluation
    score: float
    seeds: int
    seed_mean: float
    seed_interval: Interval
    training_seconds: float
    size: int  # in the unit of its family
    stored: int  # numbers that it keeps
    candidates: int
    states: int  # of the candidates, one per seed
    rivals: int  # candidates not distinguishable from it, itself left out

    @property
    def accuracy(self) -> float:
        return self.test.accuracy

    @property
    def images(self) -> int:
        return self.test.images

    @property
    def wrong(self) -> Predictions:
        return self.test.misclassified

    @property
    def interval(self) -> Interval:
        """Over test images."""
        return wilson(self.images - len(self.wrong.index), self.images)

    @property
    def name(self) -> str:
        """`ResNet-18` or `RBF SVM`."""
        return self.family.title(self.classifier)

    @property
    def inflation(self) -> float:
        """Upper bound of what picking among candidates and their seeds adds to the validation accuracy."""
        return selection_inflation(self.validation.accuracy, self.validation.images, self.states)


@lru_cache(maxsize=len(FAMILIES))
def of_family(study: Study, family: AnyFamily) -> list[Best]:
    """One per dataset and classifier of a family, in the order of params.yaml, where one was measured."""
    found = []
    for dataset in study.datasets:
        here = [record for record in study.records[family.stage].values() if record.dataset == dataset]
        for records in by_classifier(here).values():
            candidates = complete(records, study.params)
            seeds = leading_configuration(candidates, study.metric)
            if seeds is not None:
                others = [other for other in candidates if other is not seeds]
                found.append(best_of(study, family, seeds, others))
    return found


def networks(study: Study) -> list[Best]:
    """One per dataset and network."""
    return of_family(study, NETWORKS)


def svms(study: Study) -> list[Best]:
    """One per dataset and kernel."""
    return of_family(study, SVMS)


def classifiers(study: Study) -> list[Best]:
    """Of all families, dataset by dataset."""
    found = [best for family in FAMILIES for best in of_family(study, family)]
    return sorted(found, key=lambda best: study.datasets.index(best.dataset))


def overall(bests: Sequence[Best]) -> dict[str, Best]:
    """The one that validation ranks highest, by the mean over its seeds, for each dataset."""
    datasets = dict.fromkeys(best.dataset for best in bests)
    picked = (chosen((b for b in bests if b.dataset == dataset), lambda b: b.score) for dataset in datasets)
    return {best.dataset: best for best in picked if best is not None}


def seeds_of(study: Study, row: Mapping[str, Any]) -> Seeds:
    """The runs of a row of `Study.configurations` that reached its milestone, as they were tested there."""
    records = (study.train[key] for key in row["keys"] if key in study.train)
    return [
        Candidate(record, tested)
        for record in records
        for tested in NETWORKS.tested(record)
        if tested.epoch == int(row["epoch"])
    ]


def accuracy_interval(study: Study, row: Mapping[str, Any]) -> Interval:
    """Of a row of `Study.configurations`: over test images for one seed, over seeds for several."""
    over = seed_interval(study, row)
    return over if over.known else wilson(row["test_accuracy"] * row["test_samples"], row["test_samples"])


def seed_interval(study: Study, row: Mapping[str, Any]) -> Interval:
    """The t interval of the mean test accuracy over the seeds of a row of `Study.configurations`.

    Unknown for one seed.
    """
    accuracies = [candidate.tested.test.accuracy for candidate in seeds_of(study, row)]
    return _between_none_and_all(mean_interval(accuracies))


def _between_none_and_all(interval: Interval) -> Interval:
    """A t interval knows nothing of where accuracies end, so it is cut off there."""
    return Interval(max(0.0, interval.low), min(1.0, interval.high)) if interval.known else interval


class Origin(NamedTuple):
    """Where the seeds of a configuration are recorded, on how many images they were trained, and how long.

    The seconds are NaN where they cannot be compared with others of the report.
    """

    folder: str
    keys: tuple[str, ...]
    images: int
    seconds: float


def best_of(
    study: Study, family: AnyFamily, seeds: Seeds, others: Sequence[Seeds], origin: Origin | None = None
) -> Best:
    """A trained classifier of the configuration that validation chose.

    Args:
        study: of all of them.
        family: of the configuration.
        seeds: its candidates, one per seed.
        others: those of the configurations that it was chosen among.
        origin: of the candidates, one key per seed; by default the grid.
    """
    record, tested = chosen_seed = best_seed(seeds, study.metric)
    if origin is None:
        keys = tuple(candidate.record.key for candidate in seeds)
        images = study.used(record.dataset, "train")
        origin = Origin(family.stage, keys, images, training_seconds(study, family, seeds))
    wrong = [best_seed(other, study.metric).tested.test.misclassified.index for other in others]
    accuracies = [candidate.tested.test.accuracy for candidate in seeds]
    return Best(
        dataset=record.dataset,
        family=family,
        classifier=family.classifier(record),
        words=_words(study, family, record, tested),
        folder=origin.folder,
        key=origin.keys[[*seeds].index(chosen_seed)],
        keys=origin.keys,
        epoch=tested.epoch,
        trained_on=origin.images,
        validation=tested.validation,
        test=tested.test,
        score=mean_score(seeds, study.metric),
        seeds=len(seeds),
        seed_mean=fmean(accuracies),
        seed_interval=_between_none_and_all(mean_interval(accuracies)),
        training_seconds=origin.seconds,
        size=family.size_of(record),
        stored=family.stored(record, study.params.dataset(record.dataset)),
        candidates=len(others) + 1,
        states=sum(map(len, others)) + len(seeds),
        rivals=sum(not_distinguishable(tested.test.misclassified.index, wrong, tested.test.images)),
    )


def _words(study: Study, family: AnyFamily, record: Any, tested: Tested) -> str:
    settings = family.settings(record, study.params)
    words = [configuration(settings, list(settings))]
    if tested.epoch is not None:
        words.append(epochs(tested.epoch, tested.kept))
    if family.repetitions(study.params) > 1:
        words.append(f"seed {record.seed}")
    return ", ".join(words)


def epochs(epoch: int, kept: int | None) -> str:
    """How far a network was trained, by the fields of `Tested`: `early stopping at epoch 5 of 20`."""
    return counted(epoch, "epoch") if kept is None else f"early stopping at epoch {kept} of {epoch}"


def training_seconds(study: Study, family: AnyFamily, seeds: Seeds) -> float:
    """Mean over the seeds whose times can be compared; NaN where none can."""
    timings = study.times.timings[family.stage]
    spent = [
        family.training_seconds(timings[record.key], tested.trained)
        for record, tested in seeds
        if record.key in timings
    ]
    known = [seconds for seconds in spent if not math.isnan(seconds)]
    return fmean(known) if known else math.nan
