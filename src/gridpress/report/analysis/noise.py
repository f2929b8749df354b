"""How far apart two configurations must be: what another seed changes, and what other test images would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from math import nan, sqrt
from statistics import median, stdev
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridpress.report.analysis import best
from gridpress.report.data.frames import MEASURED, rows_of
from gridpress.report.data.study import Study
from gridpress.stats.multiple_comparisons import found_among
from gridpress.stats.significance import mean_difference, welch


@dataclass(frozen=True, eq=False)
class Seeded:
    """A configuration at the last milestone, trained with every seed."""

    dataset: str
    model: str
    pooled: int  # images of the dataset
    images: int  # of these, those tested
    accuracies: Sequence[float]
    wrong: Sequence[Sequence[int]]  # misclassified indices, per seed

    @property
    def over_seeds(self) -> float:
        """Standard deviation of the test accuracy from seed to seed; NaN for one seed."""
        return stdev(self.accuracies) if len(self.accuracies) > 1 else nan

    @property
    def over_images(self) -> float:
        """Standard error of one test accuracy as its test images are a sample; a mean over the seeds."""
        errors = [sqrt(accuracy * (1 - accuracy) / self.images) for accuracy in self.accuracies]
        return sum(errors) / len(errors)

    @cached_property
    def errors(self) -> NDArray[np.float64]:
        """The share of the seeds that get an image wrong, float64 [pooled images]; 0 where not tested."""
        shares = np.zeros(self.pooled)
        for wrong in self.wrong:
            shares[list(wrong)] += 1 / len(self.wrong)
        return shares


@dataclass(frozen=True)
class PairDifference:
    """Two configurations of a dataset, and whether their difference is larger than either kind of chance."""

    models: tuple[str, str]
    dataset: str
    beyond_seeds: bool
    beyond_images: bool


@lru_cache(maxsize=1)
def seeded(study: Study) -> list[Seeded]:
    """In grid order; those that a seed is missing of, or diverged with, are left out."""
    table = study.configurations
    rows = table[(table["epoch"] == study.params.train.epochs) & (table["state"] == MEASURED)]
    return [_seeded(study, row) for row in rows_of(rows)]


def _seeded(study: Study, row: Mapping[str, Any]) -> Seeded:
    states = [candidate.tested for candidate in best.seeds_of(study, row)]
    return Seeded(
        dataset=row["dataset"],
        model=row["model"],
        pooled=study.params.dataset(row["dataset"]).images,
        images=int(row["test_samples"]),
        accuracies=[state.test.accuracy for state in states],
        wrong=[state.test.misclassified.index for state in states],
    )


def compared(found: Sequence[Seeded]) -> list[PairDifference]:
    """All pairs of each dataset; the false discovery rate is controlled for seeds and for images."""
    pairs = [(a, b) for a, b in combinations(found, 2) if a.dataset == b.dataset]
    seeds = found_among([welch(a.accuracies, b.accuracies) for a, b in pairs])
    images = found_among([mean_difference(a.errors - b.errors, a.images) for a, b in pairs])
    return [
        PairDifference((a.model, b.model), a.dataset, by_seeds, by_images)
        for (a, b), by_seeds, by_images in zip(pairs, seeds, images, strict=True)
    ]


@lru_cache(maxsize=1)
def _pairs(study: Study) -> list[PairDifference]:
    return compared(seeded(study))


@dataclass(frozen=True)
class Noise:
    """Of some configurations of a dataset: what chance changes, as shares, and how many pairs differ by more.

    Attributes:
        dataset: of all of them.
        models: their networks.
        configurations: their number.
        seeds_sd: standard deviation over the seeds, the median; NaN for one seed.
        seeds_sd_most: the largest.
        images_se: standard error over test images, the median.
        pairs: of configurations.
        beyond_seeds: of these, those that differ by more than seeds explain.
        beyond_images: by more than the choice of test images explains.
        beyond_both: by more than either.
    """

    dataset: str
    models: tuple[str, ...]
    configurations: int
    seeds_sd: float
    seeds_sd_most: float
    images_se: float
    pairs: int
    beyond_seeds: int
    beyond_images: int
    beyond_both: int


def by_dataset(study: Study) -> list[Noise]:
    """Over all networks of each dataset that has two configurations."""
    found = seeded(study)
    pairs = _pairs(study)
    return [
        _noise(name, _models(found, name), found, pairs) for name in {pair.dataset: None for pair in pairs}
    ]


def by_network(study: Study) -> list[Noise]:
    """The same for every network, and for all of them where there are several."""
    found = seeded(study)
    pairs = _pairs(study)
    rows = []
    for dataset in {pair.dataset: None for pair in pairs}:
        models = _models(found, dataset)
        groups = dict.fromkeys([*((model,) for model in models), models])
        rows += [_noise(dataset, group, found, pairs) for group in groups]
    return rows


def _models(found: Sequence[Seeded], dataset: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.model for entry in found if entry.dataset == dataset))


def _noise(
    dataset: str, models: tuple[str, ...], found: Sequence[Seeded], pairs: Sequence[PairDifference]
) -> Noise:
    here = [entry for entry in found if entry.dataset == dataset and entry.model in models]
    among = [pair for pair in pairs if pair.dataset == dataset and set(pair.models) <= set(models)]
    deviations = [entry.over_seeds for entry in here]
    return Noise(
        dataset=dataset,
        models=models,
        configurations=len(here),
        seeds_sd=median(deviations),
        seeds_sd_most=max(deviations),
        images_se=median(entry.over_images for entry in here),
        pairs=len(among),
        beyond_seeds=sum(pair.beyond_seeds for pair in among),
        beyond_images=sum(pair.beyond_images for pair in among),
        beyond_both=sum(pair.beyond_seeds and pair.beyond_images for pair in among),
    )
