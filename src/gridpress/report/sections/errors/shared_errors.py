"""The images that a chosen classifier gets wrong together with most others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from gridpress.config.dataset import Dataset
from gridpress.report.data.study import Study
from gridpress.report.presentation import style
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import listed
from gridpress.report.presentation.pictures import GREY, in_lines, picture
from gridpress.results.shared_errors import SHOWN, MostSharedErrors, most_shared_errors

NEARLY_ALL = 0.9  # of the other classifiers
WORDS_ROOM, LINE_ROOM, IMAGE_ROOM = 0.8, 0.125, 0.7  # inches of a row: words, a further line, a square image
SHAPES = (0.5, 2.0)  # of height over width: lower and higher images are drawn smaller
MOST_LINES = 3  # of the name of a class above or below an image
ROW_TITLES = ("True class", "Answer", "Missed by")


@dataclass(frozen=True)
class Missed:
    """One image: its true class, what the chosen classifier answers, and how many classifiers are wrong.

    `pixels` is the base64 text of the record, None where that does not hold the image.
    """

    index: int
    label: int
    predicted: int
    classifiers: int
    pixels: str | None


@dataclass(frozen=True)
class SharedErrors:
    """The errors that the choice of a family on a dataset shares with the most of all `classifiers`."""

    declared: Dataset
    dataset: str
    found: MostSharedErrors
    images: Sequence[Missed]

    @property
    def name(self) -> str:
        """`ResNet-18` or `RBF SVM`."""
        return self.found.classifier.title

    @property
    def errors(self) -> int:
        """Of the chosen classifier, all of them."""
        return len(self.found.classifier.wrong.index)

    @property
    def others(self) -> int:
        return self.found.classifiers - 1

    @property
    def span(self) -> str:
        """How many of the others get the images wrong that are shown: `all 44`, `37 to 43 of the 44`."""
        counts = [image.classifiers - 1 for image in self.images]
        low, high = min(counts), max(counts)
        if low == self.others:
            return f"all {self.others}"
        return f"{low if low == high else f'{low} to {high}'} of the {self.others}"

    @property
    def nearly_all(self) -> bool:
        """Whether nearly all others get every image wrong that is shown."""
        return min(image.classifiers - 1 for image in self.images) >= NEARLY_ALL * self.others

    @property
    def most(self) -> str:
        """The first of them: `7 taken for 2`."""
        names, first = self.declared.classes, self.images[0]
        return f"{names[first.label]} taken for {names[first.predicted]}"


def shared(study: Study) -> list[SharedErrors]:
    """Per dataset, of what validation chose of each family.

    Those without an error that another classifier makes too are left out.
    """
    kept = study.images.datasets if study.images else {}
    result = []
    for dataset, record in study.data.items():
        pixels = {sample.index: sample.pixels for sample in kept.get(record.dataset, [])}
        records = [r for found in study.records.values() for r in found.values() if r.dataset == dataset]
        labels = record.true_labels()
        for found in most_shared_errors(records, study.params):
            images = [
                Missed(
                    miss.index,
                    int(labels[miss.index]),
                    miss.predicted,
                    miss.classifiers,
                    pixels.get(miss.index),
                )
                for miss in found.misses
                if miss.classifiers > 1
            ]
            if images:
                result.append(SharedErrors(study.params.dataset(dataset), dataset, found, images))
    return result


def figures(study: Study) -> Iterator[Item]:
    """Per dataset a figure with one row of images per chosen classifier; none without any picture."""
    found = shared(study)
    for dataset in dict.fromkeys(entry.dataset for entry in found):
        here = [entry for entry in found if entry.dataset == dataset]
        absent = {image.index for entry in here for image in entry.images if image.pixels is None}
        if all(image.index in absent for entry in here for image in entry.images):
            continue
        lost = (
            f" {len(absent)} of the pictures are missing in `{study.images_source}`; `dvc repro` brings them."
            if absent
            else ""
        )
        yield Figure(
            name=slug("misses", dataset),
            caption=(
                f"{study.title(dataset)}: the test images that {listed(entry.name for entry in here)} "
                f"{'gets' if len(here) == 1 else 'get'} wrong together with the most other classifiers. "
                f"Missed by: how many of all {here[0].found.classifiers} classifiers (the chosen one, every "
                "other network at its last milestone, every other classifier that is not the same under "
                f"another name) get the image wrong.{lost}"
            ),
            alt=" ".join(_spoken(entry) for entry in here),
            data=_data(here),
            sources=_sources(study, dataset),
            draw=partial(_draw, here),
        )


def _spoken(entry: SharedErrors) -> str:
    return (
        f"{entry.declared.title} images misclassified by {entry.name} and by {entry.span} other classifiers; "
        f"the most shared error is {entry.most}."
    )


def _data(here: Sequence[SharedErrors]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "key": entry.found.classifier.key,
                "epoch": entry.found.classifier.epoch,
                "of": entry.found.classifiers,
                **vars(image),
            }
            for entry in here
            for image in entry.images
        ]
    )


def _sources(study: Study, dataset: str) -> list[str]:
    return [
        *(
            study.source(stage, key)
            for stage, found in study.records.items()
            for key, record in found.items()
            if record.dataset == dataset
        ),
        study.source("data", dataset),
        study.images_source,
    ]


def _draw(here: Sequence[SharedErrors]) -> matplotlib.figure.Figure:
    """A row of images per chosen classifier, with true class, answer and how many miss it."""
    heights = [_height(entry) for entry in here]
    figure = plt.figure(figsize=(style.TEXT_WIDTH, sum(heights)))
    rows = figure.subfigures(len(here), 1, squeeze=False, height_ratios=heights)[:, 0]
    for row, entry in zip(rows, here, strict=True):
        _draw_row(row, entry)
    return figure


def _height(entry: SharedErrors) -> float:
    image = IMAGE_ROOM * np.clip(entry.declared.height / entry.declared.width, *SHAPES)
    further = sum(max(name.count("\n") for name in names) for names in _names(entry))
    return float(WORDS_ROOM + LINE_ROOM * further + image)


def _names(entry: SharedErrors) -> tuple[list[str], list[str]]:
    """True class and answer of each image, in lines as long as it is wide; the end of a long name is cut."""

    def wrapped(label: int) -> str:
        return in_lines(entry.declared.classes[label], SHOWN + 1, MOST_LINES)

    return [wrapped(image.label) for image in entry.images], [
        wrapped(image.predicted) for image in entry.images
    ]


def _draw_row(row: SubFigure, entry: SharedErrors) -> None:
    _, height, width = entry.declared.shape
    row.suptitle(
        f"{entry.name}: {len(entry.images)} of its {entry.errors} errors",
        x=0.005,
        ha="left",
        fontsize=style.FONT_SIZE,
        fontweight="semibold",
    )
    true, answers = _names(entry)
    lines = max(answer.count("\n") for answer in answers)
    titles, *places = row.subplots(1, SHOWN + 1)
    _label(titles, *ROW_TITLES, lines=lines, colour=style.SOFT)
    titles.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    for axes in places[len(entry.images) :]:
        axes.set_axis_off()
    for axes, image, above, answer in zip(places, entry.images, true, answers, strict=False):
        _label(axes, above, answer, f"{image.classifiers} of {entry.found.classifiers}", lines=lines)
        if image.pixels is not None:
            axes.imshow(picture(image.pixels, entry.declared.shape), **GREY)
        else:
            axes.set(xlim=(0, width), ylim=(0, height), aspect="equal")
            axes.text(
                width / 2,
                height / 2,
                "missing",
                ha="center",
                va="center",
                fontsize=style.SMALLEST_SIZE,
                color=style.SOFT,
            )


def _label(axes: Axes, above: str, answer: str, wrong: str, *, lines: int, colour: str = style.INK) -> None:
    """What stands above and below an image; the answer has so many further lines, written or empty."""
    below = f"{answer}{chr(10) * (1 + lines - answer.count(chr(10)))}{wrong}"
    axes.set_title(above, loc="center", fontsize=style.SMALLEST_SIZE, fontweight="normal", color=colour)
    axes.set_xlabel(below, fontsize=style.SMALLEST_SIZE, color=colour)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
