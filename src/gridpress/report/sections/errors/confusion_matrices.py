"""Which classes are taken for which: confusion matrices, and the pairs of classes that are confused most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import isnan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gridpress.report.analysis.best import Best
from gridpress.report.analysis.confusions import errors, most_confused, most_frequent
from gridpress.report.presentation import tables
from gridpress.report.presentation.items import Figure, Item, Table, slug
from gridpress.report.presentation.names import ABSENT, count, percent
from gridpress.report.presentation.tables import Column, leading, words
from gridpress.report.sections.errors.classes_plot import Panel, draw
from gridpress.stats.intervals import wilson

LARGEST_MATRIX = 10  # classes of a matrix whose numbers can be read on paper, two of them side by side
MOST_PAIRS = 10  # of classes, for each classifier


@dataclass(frozen=True)
class Confusions:
    """Classifiers of one dataset with their confusion matrices, int64 [classes, classes].

    Attributes:
        dataset: its name.
        title: likewise, for a reader.
        classes: their names, by label.
        chosen: the classifiers, with rows of true and columns of predicted classes.
        sources: of all of it, as paths below the project.
    """

    dataset: str
    title: str
    classes: Sequence[str]
    chosen: Sequence[tuple[Best, NDArray[np.int64]]]
    sources: Sequence[str]

    @property
    def shown(self) -> list[int]:
        """The labels of the classes that a matrix has room for; none where nothing else is confused."""
        return most_confused(np.sum([matrix for _, matrix in self.chosen], axis=0), LARGEST_MATRIX)


def items(found: Confusions) -> Iterator[Item]:
    """One figure of all matrices, and a table of the pairs confused most where it cannot show all classes."""
    if found.shown:
        yield _matrices(found)
        if len(found.shown) < len(found.classes):
            yield _pairs(found)


def _matrices(found: Confusions) -> Figure:
    part = ""
    if len(found.shown) < len(found.classes):
        part = (
            f" Of the {count(len(found.classes))} classes the {len(found.shown)} of the most frequent "
            "confusions are shown, without answers outside of these."
        )
    return Figure(
        name=slug("confusion", found.dataset),
        caption=(
            f"{found.title}: confusion matrices on the test images. Rows: true class; columns: "
            f"predicted class; numbers: images. Colour shows errors only.{part}"
        ),
        alt=" ".join(
            [
                f"Confusion matrices on {found.title}.",
                *(_worst(found.classes, winner, matrix) for winner, matrix in found.chosen),
            ]
        ),
        data=pd.DataFrame(
            [
                {"key": winner.key, "true": row, "predicted": place, "images": int(matrix[row, place])}
                for winner, matrix in found.chosen
                for row in found.shown
                for place in found.shown
            ]
        ),
        sources=found.sources,
        draw=partial(
            draw,
            [found.classes[label] for label in found.shown],
            [_panel(winner.name, matrix, found.shown) for winner, matrix in found.chosen],
        ),
    )


def _panel(name: str, matrix: NDArray[np.int64], shown: Sequence[int]) -> Panel:
    part = matrix[np.ix_(shown, shown)]
    if len(shown) == len(matrix):
        return Panel(name, matrix)
    return Panel(f"{name}\n{count(errors(part).sum())} of its {count(errors(matrix).sum())} errors", part)


def _worst(classes: Sequence[str], winner: Best, matrix: NDArray[np.int64]) -> str:
    for pair in most_frequent(matrix, 1):
        return (
            f"Most frequent error of {winner.name}: {classes[pair.true]} taken for "
            f"{classes[pair.predicted]}, {pair.images} images."
        )
    return f"{winner.name} makes no error."


def _pairs(found: Confusions) -> Table:
    """The most frequent confusions of each classifier, and which share of the true class they are."""
    rows = []
    for winner, matrix in found.chosen:
        for pair in most_frequent(matrix, MOST_PAIRS):
            images = int(matrix[pair.true].sum())
            bounds = wilson(pair.images, images)
            rows.append(
                {
                    "key": winner.key,
                    "classifier": winner.name,
                    "true": found.classes[pair.true],
                    "predicted": found.classes[pair.predicted],
                    "images": pair.images,
                    "of": images,
                    "share": pair.images / images,
                    "low": bounds.low,
                    "high": bounds.high,
                }
            )
    return tables.table(
        slug("confused-classes", found.dataset),
        (
            f"{found.title}: the most frequent confusions of each classifier on the test images, up to "
            f"{MOST_PAIRS}; of equally frequent ones the first in the order of the classes. Images: how many "
            "of the test images of the true class are taken for the other. Share: the same in percent, with "
            "its 95 % interval."
        ),
        pd.DataFrame(rows),
        [
            leading("Classifier", "classifier", str),
            words("True class", "true"),
            words("Taken for", "predicted"),
            Column(title="Images", of=("images", "of"), format=_of),
            Column(title="Share", of=("share", "low", "high"), format=with_interval),
        ],
        found.sources,
    )


def _of(part: int, whole: int) -> str:
    return f"{count(part)} of {count(whole)}"


def tenths(share: float) -> str:
    """A share in percent with one decimal."""
    return percent(share, 1)


def with_interval(share: float, low: float, high: float) -> str:
    """`98.8 (98.1 to 99.3)` of shares; absent where there are none."""
    return ABSENT if isnan(share) else f"{tenths(share)} ({tables.span(low, high, tenths)})"
