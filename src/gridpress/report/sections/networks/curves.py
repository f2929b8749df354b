"""Training and validation curves of every run, as small multiples; panels of a network share their axes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from gridpress.config.training import Train
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, style
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import listed, percent, shown

ROWS_PER_FIGURE = 6
MOST_COLUMNS = 6


def figures(study: Study) -> Iterator[Item]:
    """Per dataset one or more figures; a panel per configuration, a pair of lines per seed."""
    across = ["model", "batch_size"]
    if len(study.params.train.grid.model) * len(study.params.train.grid.batch_size) > MOST_COLUMNS:
        across = ["model"]
    down = [axis for axis in [*study.row_axes, "model"] if axis not in across]
    for dataset in study.datasets:
        wanted = study.runs[study.runs["dataset"] == dataset]
        history = study.history[study.history["dataset"] == dataset]
        if history.empty:
            continue
        rows = list(wanted[down].drop_duplicates().itertuples(index=False, name=None))
        columns = list(wanted[across].drop_duplicates().itertuples(index=False, name=None))
        pages = [rows[start : start + ROWS_PER_FIGURE] for start in range(0, len(rows), ROWS_PER_FIGURE)]
        for page, part in enumerate(pages, 1):
            shown_runs = wanted[[tuple(row) in set(part) for row in wanted[down].to_numpy()]]
            curves = history[history["key"].isin(shown_runs["key"])]
            if curves.empty:
                continue
            name = slug("curves", dataset, *([page] if len(pages) > 1 else []))
            yield _figure(study, name, curves, (down, part), (across, columns))


Axis = tuple[list[str], list[tuple[Any, ...]]]


def _figure(study: Study, name: str, curves: pd.DataFrame, rows: Axis, columns: Axis) -> Figure:
    dataset = curves["dataset"].iloc[0]
    last = curves.groupby("key", sort=False).tail(1)
    lines = listed(f"{shown(value)}" for value in study.params.train.grid.seed)
    several = len(study.params.train.grid.seed) > 1
    seeds = f" One pair of lines per seed ({lines}), darker from one to the next." if several else ""
    diverged = [key for key in last["key"] if study.train[key].diverged_at_epoch is not None]
    lost = f" {len(diverged)} runs diverged." if diverged else ""
    low, high = last["validation_accuracy"].min(), last["validation_accuracy"].max()
    # one network's accuracies may span a tenth of another's, whose range would make its curves flat
    limits = {str(model): _limits(here) for model, here in curves.groupby("model", sort=False)}
    alike = "all panels of a network" if len(limits) > 1 else "all panels"
    return Figure(
        name=name,
        caption=(
            f"{study.title(dataset)}: accuracy on training images (dashed, open markers) and validation "
            f"images (solid) after every epoch, {alike} on the same axes.{seeds}{lost}"
        ),
        alt=(
            f"Small multiples of training and validation accuracy over the epochs on {study.title(dataset)}. "
            f"Validation accuracy ends between {percent(low)} % and {percent(high)} %.{lost}"
        ),
        data=curves[["key", "epoch", "train_accuracy", "validation_accuracy"]],
        sources=study.sources("train", curves["key"]),
        draw=partial(_draw, curves, rows, columns, limits, study.params.train),
    )


def _limits(curves: pd.DataFrame) -> tuple[float, float]:
    """From the lowest to the highest accuracy in percent, with a margin for the markers."""
    accuracy = 100 * curves[["train_accuracy", "validation_accuracy"]].to_numpy(dtype=float)
    low, high = float(np.nanmin(accuracy)), float(np.nanmax(accuracy))
    margin = max(0.08 * (high - low), 0.1)
    return low - margin, high + margin


def _draw(
    curves: pd.DataFrame,
    rows: Axis,
    columns: Axis,
    limits: Mapping[str, tuple[float, float]],
    settings: Train,
) -> matplotlib.figure.Figure:
    figure, grid = plt.subplots(
        len(rows[1]),
        len(columns[1]),
        figsize=(style.TEXT_WIDTH, 0.6 + 1.15 * len(rows[1])),
        sharex=True,
        squeeze=False,
    )
    models = [str(dict(zip(columns[0], values, strict=True))["model"]) for values in columns[1]]
    seeds = settings.grid.seed
    for (row, place), axes in np.ndenumerate(grid):
        wanted = dict(zip([*rows[0], *columns[0]], [*rows[1][row], *columns[1][place]], strict=True))
        here = curves[np.logical_and.reduce([curves[axis] == value for axis, value in wanted.items()])]
        model = models[place]
        for _, run in here.groupby("key", sort=False):
            number = seeds.index(int(run["seed"].iloc[0]))
            _pair(axes, run, style.darker(encoding.colour(model), number, len(seeds)), small=len(seeds) > 1)
        if model in limits:
            axes.set_ylim(*limits[model])
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
        axes.tick_params(axis="y", labelleft=place == 0 or models[place - 1] != model)
        axes.grid(visible=True, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
        if row == 0:
            axes.set_title(_words(columns[0], columns[1][place]), fontsize=style.SMALL_SIZE)
        if place == 0:
            axes.set_ylabel(_words(rows[0], rows[1][row]), fontsize=style.SMALL_SIZE)
    grid[0, 0].set_xlim(0.8, settings.epochs + 0.2)
    figure.supxlabel("Epoch", fontsize=style.SMALL_SIZE)
    figure.supylabel("Accuracy (%)", fontsize=style.SMALL_SIZE)
    return figure


def _pair(axes: Axes, run: pd.DataFrame, colour: style.Colour, *, small: bool) -> None:
    """Small where a panel holds several pairs."""
    size, width = (2.2, 0.8) if small else (3.0, 1.2)
    shared: dict[str, Any] = {"color": colour, "marker": "o", "ms": size}
    train, validation = 100 * run["train_accuracy"], 100 * run["validation_accuracy"]
    axes.plot(run["epoch"], train, "--", mfc="white", mew=0.7, lw=0.8 * width, **shared)
    axes.plot(run["epoch"], validation, "-", lw=width, **shared)


def _words(axes: Sequence[str], values: Sequence[Any]) -> str:
    prefix = {"batch_size": "batch "}
    return "\n".join(
        [
            ", ".join(
                f"{prefix.get(a, '')}{shown(v)}"
                for a, v in zip(axes, values, strict=True)
                if a != "learning_rate"
            )
        ]
        + [shown(v) for a, v in zip(axes, values, strict=True) if a == "learning_rate"]
    )
