"""Sample images of the classes of a dataset, and how many images each class has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.config.dataset import Dataset
from gridpress.report.presentation import style
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import count, listed
from gridpress.report.presentation.pictures import GREY, in_lines, picture
from gridpress.study.records.data import DataRecord, Sample, evenly_spread

MOST_CLASSES = 10  # of which sample images are shown, side by side
TITLE_ROOM, LINE_ROOM, IMAGE_ROOM = 0.5, 0.125, 0.62  # inches: name and number, a further line, an image
SHAPES = (0.5, 2.0)  # of height over width: lower and higher images are drawn smaller


def items(declared: Dataset, record: DataRecord, source: str) -> Iterator[Item]:
    """Images of each class, or of some of many; then, where classes differ in size, the sizes of all.

    Args:
        declared: the dataset.
        record: of it; without a sample there is no figure.
        source: where the record lies.
    """
    labels = evenly_spread({sample.label for sample in record.samples}, MOST_CLASSES)
    if labels:
        yield _samples(declared, record, labels, source)
    if len(labels) < len(declared.classes) and max(record.class_counts) > min(record.class_counts):
        yield _class_counts(declared, record, source)


def _samples(declared: Dataset, record: DataRecord, labels: Sequence[int], source: str) -> Figure:
    """Images of the classes of these labels."""
    counts, names = record.class_counts, declared.classes
    balance = (
        f"every class has {count(counts[0])} images"
        if max(counts) == min(counts)
        else f"classes have {count(min(counts))} to {count(max(counts))} images"
    )
    part = f" ({len(labels)} of its {count(len(names))} classes)" if len(labels) < len(names) else ""
    columns = [[sample for sample in record.samples if sample.label == label] for label in labels]
    return Figure(
        name=slug("samples", record.dataset),
        caption=(
            f"Images of {declared.title} by class{part}, with the number of images of each class "
            f"among all {count(record.images)}: {balance}."
        ),
        alt=(
            f"Sample images of the classes {listed(names[label] for label in labels)} of "
            f"{declared.title}{part}; {balance}."
        ),
        data=pd.DataFrame(
            [
                {"label": s.label, "index": s.index, "count": counts[s.label], "pixels": s.pixels}
                for column in columns
                for s in column
            ]
        ),
        sources=[source],
        draw=partial(_draw_samples, declared, counts, columns),
    )


def _draw_samples(
    declared: Dataset, counts: Sequence[int], columns: Sequence[Sequence[Sample]]
) -> matplotlib.figure.Figure:
    """A column of images per class below its name and the number of its images."""

    def title(label: int) -> str:
        return f"{in_lines(declared.classes[label], len(columns))}\n{count(counts[label])}"

    titles = [title(column[0].label) for column in columns]
    rows, lines = max(map(len, columns)), max(title.count("\n") for title in titles)
    image = IMAGE_ROOM * np.clip(declared.height / declared.width, *SHAPES)
    figure, grid = plt.subplots(
        rows,
        len(columns),
        figsize=(style.TEXT_WIDTH, TITLE_ROOM + LINE_ROOM * (lines - 1) + image * rows),
        squeeze=False,
        layout="constrained",
    )
    for place, column in enumerate(columns):
        for axes in grid[:, place]:
            axes.set_axis_off()
        for axes, sample in zip(grid[:, place], column, strict=False):
            axes.imshow(picture(sample.pixels, declared.shape), **GREY)
        grid[0, place].set_title(
            titles[place], loc="center", fontsize=style.SMALLEST_SIZE, fontweight="normal"
        )
    return figure


def _class_counts(declared: Dataset, record: DataRecord, source: str) -> Figure:
    """The number of images of every class, from the largest to the smallest."""
    rows = [
        {"class": name, "images": images}
        for name, images in zip(declared.classes, record.class_counts, strict=True)
    ]
    data = pd.DataFrame(rows).sort_values("images", ascending=False, kind="stable", ignore_index=True)
    largest, smallest = data.iloc[0], data.iloc[-1]
    ends = (
        f"from the largest, {largest['class']} ({count(largest['images'])}), to the smallest, "
        f"{smallest['class']} ({count(smallest['images'])})"
    )
    return Figure(
        name=slug("class-counts", record.dataset),
        caption=f"Number of images of each of the {count(len(data))} classes of {declared.title}, {ends}.",
        alt=f"Bar chart of the number of images of each class of {declared.title}, {ends}.",
        data=data,
        sources=[source],
        draw=partial(_draw_counts, data),
    )


def _draw_counts(data: pd.DataFrame) -> matplotlib.figure.Figure:
    figure, axes = plt.subplots(figsize=(style.TEXT_WIDTH, 2.2))
    axes.bar(range(1, len(data) + 1), data["images"], width=1.0, color=style.BLUE)
    axes.set(xlabel="Classes, from the largest to the smallest", ylabel="Images", xlim=(0.5, len(data) + 0.5))
    axes.grid(visible=True, axis="y")
    return figure
