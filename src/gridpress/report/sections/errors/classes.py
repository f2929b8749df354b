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
from gridpress.report.analysis import best, confusions
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import ABSENT, listed, percent
from gridpress.report.presentation.tables import Column, leading, span, table
from gridpress.report.sections.errors.classes_plot import draw
from gridpress.stats.intervals import Interval, wilson


def _chosen(study: Study) -> list[tuple[best.Best, NDArray[np.int64]]]:
    """What validation chose of each family on each dataset, with its confusion matrix."""
    found = []
    for family in FAMILIES:
        for dataset, winner in best.overall(best.of_family(study, family)).items():
            matrix = confusions.of_test(study, dataset, winner.wrong)
            if matrix is not None:
                found.append((winner, matrix))
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
    """Of each dataset's best of each family; a classifier without an error has no weakest class."""
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
    """Per dataset, precision, recall and F1 by class of the best of each family."""
    chosen = _chosen(study)
    for dataset in dict.fromkeys(winner.dataset for winner, _ in chosen):
        here = [(winner, matrix) for winner, matrix in chosen if winner.dataset == dataset]
        families = listed(f"the {winner.family.singular}" for winner, _ in here)
        yield table(
            slug("classes", dataset),
            (
                f"{study.title(dataset)}: precision, recall with its 95 % interval, and F1 by class, in "
                f"percent of the test images, of {families} that validation chose."
            ),
            by_class(study.classes(dataset), here),
            [
                leading("Class", "class", str),
                Column(title="Images", of="images"),
                *(column for winner, _ in here for column in _measures(winner)),
            ],
            _sources(study, here),
            wide=True,
        )


def by_class(names: Sequence[str], chosen: Sequence[tuple[best.Best, NDArray[np.int64]]]) -> pd.DataFrame:
    """A row per class: its test images, and per classifier precision, recall with its interval, and F1.

    Args:
        names: of the classes.
        chosen: classifiers of one dataset with their confusion matrices.

    Returns:
        Columns class and images, and per classifier those that end in its key: precision, recall, low, high
        and f1; NaN where nothing is counted.
    """
    rows: list[dict[str, Any]] = [
        {"class": name, "images": int(chosen[0][1][label].sum())} for label, name in enumerate(names)
    ]
    for winner, matrix in chosen:
        for label, row in enumerate(rows):
            correct, images = int(matrix[label, label]), row["images"]
            answers = int(matrix[:, label].sum())
            bounds = wilson(correct, images)
            row[f"precision {winner.key}"] = correct / answers if answers else nan
            row[f"recall {winner.key}"] = correct / images if images else nan
            row[f"low {winner.key}"], row[f"high {winner.key}"] = bounds.low, bounds.high
            row[f"f1 {winner.key}"] = 2 * correct / (images + answers) if images + answers else nan
    return pd.DataFrame(rows)


def _measures(winner: best.Best) -> list[Column]:
    def of(*names: str) -> tuple[str, ...]:
        return tuple(f"{name} {winner.key}" for name in names)

    return [
        Column(title="Precision", of=of("precision"), format=_tenths, group=winner.name),
        Column(title="Recall", of=of("recall", "low", "high"), format=_with_interval, group=winner.name),
        Column(title="F1", of=of("f1"), format=_tenths, group=winner.name),
    ]


def _tenths(share: float) -> str:
    return percent(share, 1)


def _with_interval(share: float, low: float, high: float) -> str:
    return f"{_tenths(share)} ({span(low, high, _tenths)})" if share == share else ABSENT  # noqa: PLR0124  # NaN


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
        *(study.source(winner.folder, winner.key) for winner, _ in here),
        *dict.fromkeys(study.source("data", winner.dataset) for winner, _ in here),
    ]


def figures(study: Study) -> Iterator[Item]:
    """Per dataset, the confusion matrices of the best of each family."""
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
