"""The training grid: tables in study A's layout and the accuracy matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from gridpress.messages import counted
from gridpress.report.analysis import recipes
from gridpress.report.data.frames import DIVERGED, MEASURED, rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import heat
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.markup import MARK
from gridpress.report.presentation.names import (
    ABSENT,
    AXIS_TITLES,
    configuration,
    count,
    listed,
    percent,
    shown,
)
from gridpress.report.presentation.tables import Column, leading, table
from gridpress.stats.intervals import Interval, wilson
from gridpress.training.milestones import tested_at

NARROW = 9  # columns that fit the width of the text
VALUES = ("state", "seeds", "test_accuracy", "test_accuracy_sd", "chosen", "chosen_for_model")


def grid_tables(study: Study) -> Iterator[Item]:
    """Per dataset, test accuracy of every configuration at every milestone."""
    axes = study.row_axes
    places = [(model, epoch) for model in study.params.train.grid.model for epoch in study.test_epochs]
    for dataset, here in study.configurations.groupby("dataset", sort=False):
        yield table(
            slug("grid", dataset),
            _grid_caption(study, str(dataset), here),
            by_row(here, axes),
            [
                *(leading(AXIS_TITLES[axis], axis) for axis in axes),
                *(_accuracies(model, epoch) for model, epoch in places),
            ],
            study.sources("train", here["keys"]),
            wide=len(axes) + len(places) > NARROW,
        )


def by_row(configurations: pd.DataFrame, axes: Sequence[str]) -> pd.DataFrame:
    """A row for all networks and milestones whose settings are equal, in grid order.

    Args:
        configurations: rows of `Study.configurations` of one dataset.
        axes: the settings that tell rows apart.

    Returns:
        The axes, and per network and milestone what `VALUES` names and the address of the record (missing
        where there is none), in columns such as `resnet18 3 test_accuracy`.
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows_of(configurations):
        settings = {axis: row[axis] for axis in axes}
        cells = found.setdefault(tuple(settings.values()), settings)
        for name in VALUES:
            cells[_column(row["model"], row["epoch"], name)] = row[name]
        cells[_column(row["model"], row["epoch"], "record")] = _record(row)
    return pd.DataFrame(found.values())


def _column(model: str, epoch: int, name: str) -> str:
    return f"{model} {epoch} {name}"


def _record(row: Mapping[str, Any]) -> str | None:
    """Where its records are listed."""
    if pd.isna(row["test_accuracy"]) and row["state"] != DIVERGED:
        return None
    return recipes.link("train", row["keys"][0])


def _accuracies(model: str, epoch: int) -> Column:
    return Column(
        title=counted(epoch, "epoch"),
        group=shown(model),
        of=tuple(_column(model, epoch, name) for name in ("test_accuracy", "test_accuracy_sd", "state")),
        format=_accuracy,
        bold=_column(model, epoch, "chosen_for_model"),
        marked=_column(model, epoch, "chosen"),
        link=_column(model, epoch, "record"),
    )


def _accuracy(mean: float, deviation: float, state: str) -> str:
    """`98.18 ± 0.05`; an asterisk where a seed is missing of it."""
    if pd.isna(mean):
        return "diverged" if state == DIVERGED else ABSENT
    over_seeds = "" if pd.isna(deviation) else f" ± {percent(deviation)}"
    return f"{percent(mean)}{over_seeds}{'' if state == MEASURED else '*'}"


def _grid_caption(study: Study, dataset: str, here: pd.DataFrame) -> str:
    images = study.used(dataset, "test")
    seeds = len(study.params.train.grid.seed)
    known = here["test_accuracy"].dropna()
    parts = [f"{study.title(dataset)}: test accuracy in percent on {count(images)} images"]
    if seeds > 1:
        parts.append(f", mean and standard deviation over {seeds} seeds")
    parts.append(
        f". {MARK} marks the configuration that validation chose, bold the choice for each network. "
    )
    parts.append("Every accuracy leads to its record.")
    if not known.empty:
        low, high = (_half(wilson(accuracy * images, images)) for accuracy in (known.max(), known.min()))
        parts.append(
            f" Other test images would move the accuracy of one network by up to {low} points at the best "
            f"and {high} at the worst cell (half its 95 % interval)."
        )
    states = set(here["state"])
    if len(states) > 1 or MEASURED not in states:
        parts.append(f" {ABSENT} not measured; diverged: the loss stopped being finite")
        parts.append("; * some seeds only." if seeds > 1 else ".")
    return "".join(parts) + _recipes(study)


def _recipes(study: Study) -> str:
    """Sentences, each with a space before it, where recipes differ in when a network is tested."""
    last_only = [
        f"`{name}`"
        for name, recipe in study.used_recipes.items()
        if recipe.early_stopping == "none" and tested_at(study.params.train, recipe) != study.test_epochs
    ]
    told = f" {listed(last_only)}: tested after the last epoch alone." if last_only else ""
    if study.stops_early:
        told += " With early stopping only the epoch kept is tested, of at most as many as the column names."
    return told


def _half(interval: Interval) -> str:
    return percent((interval.high - interval.low) / 2)


def accuracy_matrix(study: Study) -> Iterator[Item]:
    """The whole grid as one picture, one panel per dataset."""
    grid, axes = study.configurations, study.row_axes
    rows = rows_of(grid)
    placed = grid.assign(
        row=[", ".join(shown(row[axis]) for axis in axes) for row in rows],
        column=[f"{shown(row['model'])}\n{counted(row['epoch'], 'epoch')}" for row in rows],
    )
    words = [
        f"{study.title(row['dataset'])}, {configuration(row, ['model', *axes])}, "
        f"{counted(row['epoch'], 'epoch')}"
        for row in rows
    ]
    parts, limits = heat.panels(placed, "chosen", study.title), heat.scale(grid["test_accuracy"])
    axes_named = listed(AXIS_TITLES[axis].lower() for axis in axes)
    yield Figure(
        name="grid",
        caption=(
            f"Test accuracy in percent of the whole grid, on one scale. Rows: {axes_named}. "
            f"A frame marks the configuration that validation chose.{_recipes(study)}"
        ),
        alt=f"Heatmap of test accuracy by configuration. {heat.extremes(grid['test_accuracy'], words)}",
        data=grid[["dataset", "model", *axes, "epoch", "state", "test_accuracy", "chosen"]],
        sources=study.sources("train", grid["keys"]),
        draw=partial(heat.draw, parts, limits),
    )
