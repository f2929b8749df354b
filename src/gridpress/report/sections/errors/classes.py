"""Accuracy by class, and which classes are taken for which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import NDArray

from gridpress.report.analysis import best
from gridpress.report.data.study import Study
from gridpress.report.presentation import style
from gridpress.report.presentation.items import Figure, Item, Table, column, number
from gridpress.report.presentation.markup import Cell, Header
from gridpress.report.presentation.names import percent
from gridpress.stats.intervals import Interval, wilson
from gridpress.study.records.runs import Predictions

Labels = NDArray[np.uint16]
PAD = 0.08  # inches around the panels and their words
TICK_SIZE = 7.0  # points


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
    """Each dataset's best network and best SVM by validation, with its confusion matrix."""
    found = []
    for family in (best.networks(study), best.svms(study)):
        for dataset, winner in best.overall(family).items():
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
        totals = here[0][1].sum(axis=1)
        rows = [
            [
                Cell(name, head=True),
                number(str(totals[label])),
                *(cell for _, matrix in here for cell in _recall(matrix, label)),
            ]
            for label, name in enumerate(study.classes(dataset))
        ]
        yield Table(
            name=f"classes-{dataset.replace('_', '-')}",
            caption=(
                f"{study.title(dataset)}: test accuracy by class in percent with 95 % intervals, of the network and the "
                "SVM that validation chose."
            ),
            data=_data(here),
            sources=_sources(study, here),
            head=[
                [
                    Header("Class", rows=2),
                    column("Images", rows=2),
                    *(column(winner.name, columns=2) for winner, _ in here),
                ],
                [column(title) for _ in here for title in ("Accuracy (%)", "95 % interval")],
            ],
            body=rows,
        )


def _recall(matrix: NDArray[np.int64], label: int) -> list[Cell]:
    correct, images = int(matrix[label, label]), int(matrix[label].sum())
    interval = wilson(correct, images)
    share = correct / images if images else float("nan")
    return [number(percent(share)), number(f"{percent(interval.low)} to {percent(interval.high)}")]


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
            name=f"confusion-{dataset.replace('_', '-')}",
            caption=(
                f"{study.title(dataset)}: confusion matrices on the test images. Rows: true class; columns: predicted "
                "class; numbers: images. Colour shows errors only."
            ),
            alt=f"Confusion matrices on {study.title(dataset)}. {' '.join(_worst(study, w, m) for w, m in here)}",
            data=_data(here),
            sources=_sources(study, here),
            draw=partial(_draw, study.classes(dataset), here),
        )


def _worst(study: Study, winner: best.Best, matrix: NDArray[np.int64]) -> str:
    errors = matrix - np.diag(np.diag(matrix))
    row, place = (int(i) for i in np.unravel_index(errors.argmax(), errors.shape))
    if not errors.any():
        return f"{winner.name} makes no error."
    names = study.classes(winner.dataset)
    return f"Most frequent error of {winner.name}: {names[row]} taken for {names[place]}, {errors[row, place]} images."


def _draw(
    names: Sequence[str], here: Sequence[tuple[best.Best, NDArray[np.int64]]]
) -> matplotlib.figure.Figure:
    figure, grid = plt.subplots(1, len(here), sharey=True, squeeze=False)
    most = max((m - np.diag(np.diag(m))).max() for _, m in here) or 1
    for axes, (winner, matrix) in zip(grid[0], here, strict=True):
        errors = matrix - np.diag(np.diag(matrix))
        axes.imshow(errors, cmap=style.SEQUENTIAL, vmin=0, vmax=most)
        for (row, place), images in np.ndenumerate(matrix):
            if images:
                ink = style.text_on(style.SEQUENTIAL(float(errors[row, place]) / most))
                axes.text(place, row, str(images), ha="center", va="center", size=5.5, color=ink)
        axes.set_title(winner.name)
        axes.set_xticks(range(len(names)), names, rotation=90, fontsize=TICK_SIZE)
        axes.set_yticks(range(len(names)), names, fontsize=TICK_SIZE)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    _place(figure, grid[0])
    return figure


def _place(figure: matplotlib.figure.Figure, panels: Sequence[Axes]) -> None:
    """Square panels as large as the text's width allows, in a figure high enough for all words around them.

    Constrained layout cuts words off where panels have a fixed aspect and height and width compete.
    """
    figure.set_layout_engine("none")
    figure.set_size_inches(style.TEXT_WIDTH, style.TEXT_WIDTH)
    # where each panel lies now, and how far its words reach beyond it, in inches
    figure.draw_without_rendering()
    reach = []
    for axes in panels:
        square, words = axes.get_window_extent(), axes.get_tightbbox()
        if words is not None:
            reach.append((square.x0 - words.x0, square.y0 - words.y0, words.y1 - square.y1))
    left, below, above = np.max(reach, axis=0) / figure.dpi + PAD
    side = (style.TEXT_WIDTH - left - PAD) / max(2, len(panels)) - PAD  # one panel alone is no larger
    height = below + side + above
    figure.set_size_inches(style.TEXT_WIDTH, height)
    for place, axes in enumerate(panels):
        axes.set_position(
            (
                (left + place * (side + 2 * PAD)) / style.TEXT_WIDTH,
                below / height,
                side / style.TEXT_WIDTH,
                side / height,
            )
        )
