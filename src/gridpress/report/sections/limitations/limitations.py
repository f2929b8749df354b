"""What this study cannot show, as far as its own records tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from gridpress.families.registry import FAMILIES
from gridpress.messages import counted
from gridpress.networks.names import TORCHVISION
from gridpress.report.analysis.best import classifiers, overall
from gridpress.report.analysis.duplicate_images import Duplicates, duplicate_images
from gridpress.report.analysis.image_counts import images_in, images_used
from gridpress.report.analysis.learning_curves import final_models
from gridpress.report.data.study import Study
from gridpress.results.selection import by_classifier, complete

IMBALANCED = 1.5  # least imbalance ratio that is spoken of: images of the largest class over the smallest's
WIDE = 0.02  # least half-width of a 95 % interval of an accuracy that is spoken of
STRIDE = {"standard": 32, "small": 8}  # pixels between two positions of a ResNet's last stage, by its stem


@dataclass(frozen=True)
class Imbalance:
    """A dataset with its largest and its smallest class, and the number of images of each."""

    dataset: str
    largest: str
    most: int
    smallest: str
    fewest: int

    @property
    def ratio(self) -> float:
        """Infinite where the smallest class has no image."""
        return self.most / self.fewest if self.fewest else inf


class Uncertain(NamedTuple):
    """A test accuracy, a share, and half the length of its 95 % interval over so many test images."""

    dataset: str
    images: int
    accuracy: float
    half_width: float


@dataclass(frozen=True)
class StudyLimits:
    """Values that the section on limits speaks of.

    Attributes:
        imbalanced: datasets whose classes differ much in size.
        duplicates: images of each dataset that are the same to the pixel.
        uncertain: of each dataset, the accuracy of what validation chose, where its interval is wide.
        images: of the training split.
        trained: of these, those used.
        fewer: not all of them are used.
        final: what was chosen was trained on all of them, too.
        resnets: all networks are torchvision's ResNets.
        torchvision: all networks are torchvision's.
        plain: every recipe has a constant learning rate and no augmentation.
        runs: training runs with a history.
        rising: of these, those whose validation accuracy was highest after the last epoch.
        one_position: recipes with which the last stage of a ResNet works on maps of one pixel.
        searched: what validation chose from on each dataset, a phrase for each classifier.
        kinds: of machines that trained and fitted, the one whose times are compared first.
        elsewhere: times of the others, which are not.
        clocks: what the times compared are of.
        absent: kinds of device that `hardware` asks for and that no machine had.
        otherwise: machines measured with other settings than params.yaml has now.
    """

    imbalanced: list[Imbalance]
    duplicates: list[Duplicates]
    uncertain: list[Uncertain]
    images: str
    trained: str
    fewer: bool
    final: bool
    resnets: bool
    torchvision: bool
    plain: bool
    runs: int
    rising: int
    one_position: list[str]
    searched: list[str]
    kinds: list[str]
    elsewhere: int
    clocks: list[str]
    absent: list[str]
    otherwise: list[str]


def limits(study: Study) -> StudyLimits:
    """What the records say of their own reach."""
    histories = [record.history for record in study.train.values() if record.history]
    accuracies = [[epoch.validation_accuracy for epoch in history] for history in histories]
    targets = [target for record in study.hardware.values() for target in record.targets]
    models = study.params.train.grid.model
    there = {target.target.device for target in targets if target.absent is None}
    return StudyLimits(
        imbalanced=[entry for entry in _sizes(study) if entry.ratio >= IMBALANCED],
        duplicates=duplicate_images(study),
        uncertain=[entry for entry in _accuracies(study) if entry.half_width > WIDE],
        images=images_in(study, "train"),
        trained=images_used(study, "train"),
        fewer=any(study.params.used(d)["train"] < study.params.sizes(d)["train"] for d in study.datasets),
        final=bool(final_models(study)),
        resnets=all(name in TORCHVISION and name.startswith("resnet") for name in models),
        torchvision=all(name in TORCHVISION for name in models),
        plain=all(
            recipe.schedule.name == "constant" and recipe.augmentation == "none"
            for recipe in study.used_recipes.values()
        ),
        runs=len(histories),
        rising=sum(len(values) > 1 and values[-1] > max(values[:-1]) for values in accuracies),
        one_position=[
            name
            for name, recipe in study.used_recipes.items()
            if study.params.train.image_size <= STRIDE[recipe.stem]
        ],
        searched=_searched(study),
        kinds=study.times.kinds,
        elsewhere=study.times.elsewhere,
        clocks=study.times.clocks,
        absent=list(dict.fromkeys(t.target.device for t in targets if t.target.device not in there)),
        otherwise=[
            name
            for name, record in study.hardware.items()
            if (record.settings, record.optimizers)
            != (study.params.hardware.measure, study.params.optimizers)
        ],
    )


def _sizes(study: Study) -> Iterator[Imbalance]:
    """The largest and the smallest class of each dataset, the first of several."""
    for dataset, record in study.data.items():
        counts, names = record.class_counts, study.classes(dataset)
        most, fewest = max(counts), min(counts)
        yield Imbalance(dataset, names[counts.index(most)], most, names[counts.index(fewest)], fewest)


def _accuracies(study: Study) -> Iterator[Uncertain]:
    """Of what validation ranks highest on each dataset."""
    for dataset, best in overall(classifiers(study)).items():
        half = (best.interval.high - best.interval.low) / 2
        yield Uncertain(dataset, best.images, best.accuracy, half)


def _searched(study: Study) -> list[str]:
    """Measured candidates of each classifier, one per seed, on the dataset that has most of them."""
    most: dict[str, int] = {}
    for dataset in study.datasets:
        for family in FAMILIES:
            here = [record for record in study.records[family.stage].values() if record.dataset == dataset]
            for (_, classifier), records in by_classifier(here).items():
                number = sum(map(len, complete(records, study.params)))
                words = family.phrase(classifier).removeprefix("the ")
                most[words] = max(most.get(words, 0), number)
    return [f"{counted(number, 'state')} of {words}" for words, number in most.items() if number]
