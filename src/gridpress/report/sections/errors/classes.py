"""Accuracy by class, and which classes are taken for which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gridpress.families.registry import FAMILIES
from gridpress.report.analysis import best
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import listed, percent
from gridpress.report.presentation.tables import Column, interval, leading, table
from gridpress.report.sections.errors.classes_plot import draw
from gridpress.stats.intervals import Interval, wilson
from gridpress.study.records.runs import Predictions

Labels = NDArray[np.uint16]


def truth(study: Study, dataset: str) -> tuple[Labels, NDArray[np.int64]] | None:
    """Labels of the pooled images, and the indices of the test images; None where no record has them."""
    if dataset not in study.data:
        return None
    return study.data[dataset].true_labels(), study.splits(dataset).test


def confusion(labels: Labels, test: NDArray[np.int64], wrong: Predictions, classes: int) -> NDArray[np.int64]:
    """Test images by true class (rows) and predicted class (columns), int64 [classes, classes].

    Args:
        labels: of the pooled images.
        test: indices of the test images.
        wrong: the misclassified ones; all others are predicted right.
        classes: their number.
    """
    predicted = labels.copy()
    predicted[wrong.index] = wrong.predicted
    matrix = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(matrix, (labels[test], predicted[test]), 1)
    return matrix


def _chosen(study: Study) -> list[tuple[best.Best, NDArray[np.int64]]]:
    """What validation chose of each family on each dataset, with its confusion matrix."""
    found = []
    for family in FAMILIES:
        for dataset, winner in best.overall(best.of_family(study, family)).items():
            known = truth(study, dataset)
            if known is not None:
                found.append((winner, confusion(*known, winner.wrong, len(study.classes(dataset)))))
    return sorted(found, key=lambda pair: study.datasets.index(pair[0].dataset))


@dataclass(frozen=True)
class Weakest:
    """The class that a chosen classifier recognises least, with what it most often takes it for.

    `share` of its images are right, with `interval`; `taken` images are taken for the class `other`.
    """

    winner: best.Best
    name: str
    share: float
    interval: Interval
    other: str
    taken: int


def weakest(study: Study) -> list[Weakest]:
    """Of each dataset's best network and SVM; a classifier without an error has no weakest class."""
    found = []
    for winner, matrix in _chosen(study):
        correct, images = np.diag(matrix), matrix.sum(axis=1)
        if (correct == images).all():
            continue
        label = int(np.where(images > 0, correct / np.maximum(images, 1), np.inf).argmin())
        errors = matrix[label].copy()
        errors[label] = 0
        names = study.classes(winner.dataset)
        found.append(
            Weakest(
                winner=winner,
                name=names[label],
                share=float(correct[label] / images[label]),
                interval=wilson(int(correct[label]), int(images[label])),
                other=names[int(errors.argmax())],
                taken=int(errors.max()),
            )
        )
    return found


def tables(study: Study) -> Iterator[Item]:
    """Per dataset, accuracy by class of the best network and the best SVM."""
    chosen = _chosen(study)
    for dataset in dict.fromkeys(winner.dataset for winner, _ in chosen):
        here = [(winner, matrix) for winner, matrix in chosen if winner.dataset == dataset]
        families = listed(f"the {winner.family.singular}" for winner, _ in here)
        yield table(
            slug("classes", dataset),
            (
                f"{study.title(dataset)}: test accuracy by class in percent with 95 % intervals, of "
                f"{families} that validation chose."
            ),
            by_class(study.classes(dataset), here),
            [
                leading("Class", "class", str),
                Column(title="Images", of="images"),
                *(column for winner, _ in here for column in _recall(winner)),
            ],
            _sources(study, here),
        )


def by_class(names: Sequence[str], chosen: Sequence[tuple[best.Best, NDArray[np.int64]]]) -> pd.DataFrame:
    """A row per class: its test images, and per classifier the share predicted right with its interval.

    Args:
        names: of the classes.
        chosen: classifiers of one dataset with their confusion matrices.

    Returns:
        Columns class and images, and per classifier those that end in its key: correct, low and high,
        NaN for a class without images.
    """
    rows: list[dict[str, Any]] = [
        {"class": name, "images": int(chosen[0][1][label].sum())} for label, name in enumerate(names)
    ]
    for winner, matrix in chosen:
        for label, row in enumerate(rows):
            correct, images = int(matrix[label, label]), row["images"]
            bounds = wilson(correct, images)
            row[f"correct {winner.key}"] = correct / images if images else nan
            row[f"low {winner.key}"], row[f"high {winner.key}"] = bounds.low, bounds.high
    return pd.DataFrame(rows)


def _recall(winner: best.Best) -> list[Column]:
    return [
        Column(title="Accuracy (%)", of=f"correct {winner.key}", format=percent, group=winner.name),
        interval(f"low {winner.key}", f"high {winner.key}", group=winner.name),
    ]


def _data(here: Sequence[tuple[best.Best, NDArray[np.int64]]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"key": winner.key, "true": row, "predicted": place, "images": int(images)}
            for winner, matrix in here
            for (row, place), images in np.ndenumerate(matrix)
        ]
    )


def _sources(study: Study, here: Sequence[tuple[best.Best, Any]]) -> list[str]:
    return [
        *(study.source(winner.family.stage, winner.key) for winner, _ in here),
        *dict.fromkeys(study.source("data", winner.dataset) for winner, _ in here),
    ]


def figures(study: Study) -> Iterator[Item]:
    """Per dataset, the confusion matrices of both."""
    chosen = _chosen(study)
    for dataset in dict.fromkeys(winner.dataset for winner, _ in chosen):
        here = [(winner, matrix) for winner, matrix in chosen if winner.dataset == dataset]
        yield Figure(
            name=slug("confusion", dataset),
            caption=(
                f"{study.title(dataset)}: confusion matrices on the test images. Rows: true class; columns: "
                "predicted class; numbers: images. Colour shows errors only."
            ),
            alt=" ".join(
                [f"Confusion matrices on {study.title(dataset)}.", *(_worst(study, w, m) for w, m in here)]
            ),
            data=_data(here),
            sources=_sources(study, here),
            draw=partial(draw, study.classes(dataset), here),
        )


def _worst(study: Study, winner: best.Best, matrix: NDArray[np.int64]) -> str:
    errors = matrix - np.diag(np.diag(matrix))
    row, place = (int(i) for i in np.unravel_index(errors.argmax(), errors.shape))
    if not errors.any():
        return f"{winner.name} makes no error."
    names = study.classes(winner.dataset)
    return (
        f"Most frequent error of {winner.name}: {names[row]} taken for {names[place]}, "
        f"{errors[row, place]} images."
    )
