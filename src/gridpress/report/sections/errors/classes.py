"""Accuracy by class, and which classes are taken for which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gridpress.families.registry import FAMILIES
from gridpress.report.analysis import best, confusions
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item, Table, slug
from gridpress.report.presentation.names import count, listed
from gridpress.report.presentation.tables import Column, leading, table
from gridpress.report.sections.errors import confusion_matrices
from gridpress.report.sections.errors.confusion_matrices import Confusions, tenths, with_interval
from gridpress.stats.intervals import Interval, wilson

EXTREMES = 10  # classes of the lowest and of the highest F1 in a table that cannot hold all


def _chosen(study: Study) -> list[Confusions]:
    """Of each dataset, what validation chose of each family."""
    winners = [best.overall(best.of_family(study, family)) for family in FAMILIES]
    found = []
    for dataset in study.datasets:
        here = [bests[dataset] for bests in winners if dataset in bests]
        matrices = [confusions.of_test(study, dataset, winner.wrong) for winner in here]
        chosen = [(one, matrix) for one, matrix in zip(here, matrices, strict=True) if matrix is not None]
        if chosen:
            sources = [
                *(study.source(one.folder, one.key) for one, _ in chosen),
                study.source("data", dataset),
            ]
            title, names = study.title(dataset), study.classes(dataset)
            found.append(Confusions(dataset, title, names, chosen, sources))
    return found


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
    pairs = ((found.classes, *one) for found in _chosen(study) for one in found.chosen)
    return [_weakest(*one) for one in pairs if confusions.errors(one[-1]).any()]


def _weakest(names: Sequence[str], winner: best.Best, matrix: NDArray[np.int64]) -> Weakest:
    correct, images = np.diag(matrix), matrix.sum(axis=1)
    label = int(np.where(images > 0, correct / np.maximum(images, 1), np.inf).argmin())
    wrong = confusions.errors(matrix)[label]
    return Weakest(
        winner=winner,
        name=names[label],
        share=float(correct[label] / images[label]),
        interval=wilson(int(correct[label]), int(images[label])),
        other=names[int(wrong.argmax())],
        taken=int(wrong.max()),
    )


def tables(study: Study) -> Iterator[Item]:
    """Per dataset, precision, recall and F1 by class of the best of each family."""
    return map(class_table, _chosen(study))


def class_table(found: Confusions) -> Table:
    """Of one dataset; with many classes, those of the lowest and of the highest F1."""
    families = listed(f"the {winner.family.singular}" for winner, _ in found.chosen)
    rows = by_class(found)
    shown = lowest_and_highest(rows, EXTREMES)
    mean = " (mean over these classifiers)" if len(found.chosen) > 1 else ""
    part = (
        f" Shown are, of {count(len(rows))} classes, the {EXTREMES} with the lowest F1{mean}, then the "
        f"{EXTREMES} with the highest, in rising order."
    )
    return table(
        slug("classes", found.dataset),
        (
            f"{found.title}: precision, recall with its 95 % interval, and F1 by class, in "
            f"percent of the test images, of {families} that validation chose."
            f"{part if len(shown) < len(rows) else ''}"
        ),
        shown,
        [
            leading("Class", "class", str),
            Column(title="Images", of="images"),
            *(column for winner, _ in found.chosen for column in _measures(winner)),
        ],
        found.sources,
        wide=True,
    )


def by_class(found: Confusions) -> pd.DataFrame:
    """A row per class: its test images, and per classifier precision, recall with its interval, and F1.

    Returns:
        Columns class and images, and per classifier those that end in its key: precision, recall, low, high
        and f1; NaN where nothing is counted.
    """
    rows: list[dict[str, Any]] = [
        {"class": name, "images": int(found.chosen[0][1][label].sum())}
        for label, name in enumerate(found.classes)
    ]
    for winner, matrix in found.chosen:
        for label, row in enumerate(rows):
            correct, images = int(matrix[label, label]), row["images"]
            answers = int(matrix[:, label].sum())
            bounds = wilson(correct, images)
            row[f"precision {winner.key}"] = correct / answers if answers else nan
            row[f"recall {winner.key}"] = correct / images if images else nan
            row[f"low {winner.key}"], row[f"high {winner.key}"] = bounds.low, bounds.high
            row[f"f1 {winner.key}"] = 2 * correct / (images + answers) if images + answers else nan
    return pd.DataFrame(rows)


def lowest_and_highest(classes: pd.DataFrame, most: int) -> pd.DataFrame:
    """The classes of the lowest and of the highest F1, mean over the classifiers, up to `most` of each.

    Args:
        classes: as `by_class`; those without any F1 are left out, where not all are shown.
        most: how many of each kind.

    Returns:
        The same columns: all rows as they are where there are no more than twice as many, else rising by F1.
    """
    if len(classes) <= 2 * most:
        return classes
    ranked = classes.filter(regex="^f1 ").mean(axis=1).sort_values(kind="stable").dropna().index
    return classes.loc[[*ranked[:most], *ranked[max(most, len(ranked) - most) :]]]


def _measures(winner: best.Best) -> list[Column]:
    def of(*names: str) -> tuple[str, ...]:
        return tuple(f"{name} {winner.key}" for name in names)

    return [
        Column(title="Precision", of=of("precision"), format=tenths, group=winner.name),
        Column(title="Recall", of=of("recall", "low", "high"), format=with_interval, group=winner.name),
        Column(title="F1", of=of("f1"), format=tenths, group=winner.name),
    ]


def figures(study: Study) -> Iterator[Item]:
    """Per dataset, the confusion matrices of the best of each family, and the pairs confused most."""
    for found in _chosen(study):
        yield from confusion_matrices.items(found)
