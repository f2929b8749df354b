"""Published cells beside their counterparts here, with what differs in how they were made."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.report.analysis.counterparts import counterparts
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import style, tables
from gridpress.report.presentation.items import Figure, Item, Table, slug
from gridpress.report.presentation.markup import visible
from gridpress.report.presentation.names import ABSENT, count, percent, points
from gridpress.report.presentation.tables import Column, leading, words

MARGIN = 0.05  # of an axis, on either side


def published_accuracies(study: Study) -> Iterator[Item]:
    """The table of counterparts, and one picture of it."""
    table = counterparts(study)
    if table.empty:
        return
    for dataset, here in table.groupby("dataset", sort=False):
        yield _table(study, str(dataset), here)
    gap = table["here"] - table["published"]
    below = int((table["high"] < table["published"]).sum())
    yield Figure(
        name="published",
        caption=(
            "Published test accuracy against ours for the same configuration, with our 95 % intervals; "
            "on the line both are equal. Letters name the study."
        ),
        alt=(
            f"Scatter plot of {len(table)} pairs. Ours minus published lies between {points(gap.min())} and "
            f"{points(gap.max())} points; in {below} pairs the published value is above our interval."
        ),
        data=table.drop(columns=["stage", "keys"]),
        sources=_sources(study, table),
        draw=partial(_draw, study, table),
    )


def _table(study: Study, dataset: str, table: pd.DataFrame) -> Table:
    order = list(table["classifier"].unique())
    rows = sorted(rows_of(table), key=lambda row: (row["study"], order.index(row["classifier"])))
    trained, size = study.used(dataset, "train"), study.params.train.image_size
    return tables.table(
        slug("published", dataset),
        (
            f"{study.title(dataset)}: every published test accuracy with the same configuration here, and "
            "the difference. Configuration of a network: batch size, optimizer, learning rate and epochs. "
            f"The protocols differ: here {count(trained)} training images and networks at {size} pixels a "
            f"side; the last two columns say what the study used ({ABSENT} where it does not say; images "
            f"computed from the split that it states).{_one_of_several(study)}{_several(study)}"
        ),
        pd.DataFrame(rows, columns=table.columns).drop(columns=["stage", "keys"]),
        [
            leading("Study", "study", str),
            leading("Classifier", "classifier"),
            words("Configuration", "words"),
            Column(title="Published (%)", of="published", format=percent),
            Column(title="Here (%)", of="here", format=percent),
            Column(title="95 % interval", of=("low", "high"), format=_between),
            Column(title="Difference (points)", of=("here", "published"), format=_difference),
            Column(title="Its images", of="images", format=count),
            Column(title="Its pixels", of="size", format=count),
        ],
        _sources(study, table),
        wide=True,
    )


def _between(low: float, high: float) -> str:
    return f"{percent(low)} to {percent(high)}"


def _difference(here: float, published: float) -> str:
    return points(here - published)


def _one_of_several(study: Study) -> str:
    """A sentence with a space before it, where networks have several precisions or memories."""
    several = any(axis in study.varied for axis in ("precision", "data_memory"))
    return (
        " Of networks that differ in precision or memory alone the one that has the study's is compared, or "
        "the first, where it states neither."
        if several
        else ""
    )


def _several(study: Study) -> str:
    """A sentence with a space before it, where networks have several seeds."""
    several = len(study.params.train.grid.seed) > 1
    return " Accuracies of networks are means over the seeds, with intervals over them." if several else ""


def _sources(study: Study, table: pd.DataFrame) -> list[str]:
    pairs = rows_of(table[["stage", "keys"]])
    records = (path for row in pairs for path in study.sources(row["stage"], row["keys"]))
    return ["data/published/resnet.csv", "data/published/svm.csv", *dict.fromkeys(records)]


def _draw(study: Study, table: pd.DataFrame) -> matplotlib.figure.Figure:
    datasets = list(table["dataset"].unique())
    figure, grid = plt.subplots(1, len(datasets), figsize=(style.TEXT_WIDTH, 3.2), squeeze=False)
    for axes, dataset in zip(grid[0], datasets, strict=True):
        here = table[table["dataset"] == dataset]
        low = 100 * min(here["published"].min(), here["here"].min())
        axes.set_ylim(low - MARGIN * (100 - low), 100 + MARGIN * (100 - low))  # intervals may reach further
        axes.plot([low, 100], [low, 100], color=style.LINE, lw=1.2, zorder=1)
        axes.vlines(100 * here["published"], 100 * here["low"], 100 * here["high"], color=style.LINE, lw=1)
        for row in rows_of(here):
            axes.text(
                100 * row["published"],
                100 * row["here"],
                visible(row["study"]),
                parse_math=False,
                ha="center",
                va="center",
                size=style.SMALL_SIZE,
            )
        axes.set_title(study.title(dataset))
        axes.set_xlabel("Published (%)")
        axes.grid(visible=True)
    grid[0, 0].set_ylabel("Here (%)")
    return figure
