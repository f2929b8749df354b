"""The training grid: tables in study A's layout and the accuracy matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from gridpress.report.data.frames import DIVERGED, MEASURED, rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import heat
from gridpress.report.presentation.items import Figure, Item, Table, column, merged, number, slug
from gridpress.report.presentation.markup import MARK, Cell, Header
from gridpress.report.presentation.names import (
    ABSENT,
    AXIS_TITLES,
    configuration,
    count,
    listed,
    percent,
    shown,
)
from gridpress.report.sections.sources import recipes
from gridpress.stats.intervals import Interval, wilson

COLUMNS = ["model", "epoch"]


def grid_tables(study: Study) -> Iterator[Item]:
    """Per dataset, test accuracy of every configuration at every milestone."""
    axes = study.row_axes
    for dataset, here in study.configurations.groupby("dataset", sort=False):
        cells = {_place(row, axes): row for row in rows_of(here)}
        rows = list(dict.fromkeys(place[0] for place in cells))
        columns = list(dict.fromkeys(place[1] for place in cells))
        leading = merged([tuple(shown(value) for value in row) for row in rows])
        yield Table(
            name=slug("grid", dataset),
            caption=_grid_caption(study, str(dataset), here),
            data=here[
                [
                    *axes,
                    *COLUMNS,
                    "state",
                    "seeds",
                    "test_accuracy",
                    "test_accuracy_sd",
                    "chosen",
                    "chosen_for_model",
                ]
            ],
            sources=study.sources("train", here["keys"]),
            head=_head(study, axes),
            body=[
                [*lead, *(_cell(cells[row, place]) for place in columns)]
                for lead, row in zip(leading, rows, strict=True)
            ],
            wide=len(axes) + len(columns) > 9,
        )


def _place(row: Mapping[str, Any], axes: list[str]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    return tuple(row[axis] for axis in axes), tuple(row[axis] for axis in COLUMNS)


def _head(study: Study, axes: list[str]) -> list[list[Header]]:
    milestones = study.params.train.test_epochs
    models = study.params.train.grid.model
    first = [Header(AXIS_TITLES[axis], rows=2) for axis in axes]
    first += [column(shown(model), columns=len(milestones)) for model in models]
    second = [column(_epochs(epoch)) for _ in models for epoch in milestones]
    return [first, second]


def _epochs(epoch: int) -> str:
    return f"{epoch} epoch" if epoch == 1 else f"{epoch} epochs"


def _cell(row: Mapping[str, Any]) -> Cell:
    if pd.isna(row["test_accuracy"]):
        return number("diverged", link=_record(row)) if row["state"] == DIVERGED else number(ABSENT)
    text = percent(row["test_accuracy"])
    if not pd.isna(row["test_accuracy_sd"]):
        text += f" ± {percent(row['test_accuracy_sd'])}"
    if row["state"] != MEASURED:
        text += "*"
    return number(text, bold=row["chosen_for_model"], marked=row["chosen"], link=_record(row))


def _record(row: Mapping[str, Any]) -> str:
    """Where its records are listed."""
    return recipes.link("train", row["keys"][0])


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
            f" Other test images would move the accuracy of one network by up to {low} points at the best and "
            f"{high} at the worst cell (half its 95 % interval)."
        )
    states = set(here["state"])
    if len(states) > 1 or MEASURED not in states:
        parts.append(f" {ABSENT} not measured; diverged: the loss stopped being finite")
        parts.append("; * some seeds only." if seeds > 1 else ".")
    return "".join(parts)


def _half(interval: Interval) -> str:
    return percent((interval.high - interval.low) / 2)


def accuracy_matrix(study: Study) -> Iterator[Item]:
    """The whole grid as one picture, one panel per dataset."""
    table, axes = study.configurations, study.row_axes
    rows = rows_of(table)
    placed = table.assign(
        row=[", ".join(shown(row[axis]) for axis in axes) for row in rows],
        column=[f"{shown(row['model'])}\n{_epochs(row['epoch'])}" for row in rows],
    )
    words = [
        f"{study.title(row['dataset'])}, {configuration(row, ['model', *axes])}, {_epochs(row['epoch'])}"
        for row in rows
    ]
    parts, limits = heat.panels(placed, "chosen", study.title), heat.scale(table["test_accuracy"])
    axes_named = listed(AXIS_TITLES[axis].lower() for axis in axes)
    yield Figure(
        name="grid",
        caption=(
            f"Test accuracy in percent of the whole grid, on one scale. Rows: {axes_named}. "
            "A frame marks the configuration that validation chose."
        ),
        alt=f"Heatmap of test accuracy by configuration. {heat.extremes(table['test_accuracy'], words)}",
        data=table[["dataset", "model", *axes, "epoch", "state", "test_accuracy", "chosen"]],
        sources=study.sources("train", table["keys"]),
        draw=partial(heat.draw, parts, limits),
    )
