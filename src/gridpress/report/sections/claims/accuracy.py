"""Test accuracies of this study that claims are held against."""

from __future__ import annotations

import pandas as pd

from gridpress.report.analysis.effects import paired
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import AXIS_TITLES, listed, percent, shown
from gridpress.report.sections.claims.evidence import Evidence, worded
from gridpress.stats.effects import Effect
from gridpress.stats.intervals import wilson


def moved(
    study: Study,
    move: tuple[str, object, object],
    dataset: str | None = None,
    epoch: int | None = None,
    **where: object,
) -> Evidence:
    """Test accuracy at `second` minus at `first`, per dataset, at the last milestone or the one asked for."""
    axis, first, second = move
    at = study.params.train.epochs if epoch is None else epoch
    found: dict[str, Effect] = {}
    for name in [dataset] if dataset else study.datasets:
        runs = study.runs[study.runs["dataset"] == name]
        for column, value in where.items():
            runs = runs[runs[column] == value]
        part = runs if axis == "epoch" else runs[runs["epoch"] == at]
        result = paired(part, axis, first, second) if not part.empty else None
        if result is not None:
            found[name] = result
    if not found or (dataset is None and len(found) < len(study.datasets)):
        return Evidence(
            f"{AXIS_TITLES[axis].lower()} {shown(first)} and {shown(second)} were not both trained"
        )
    single = " in single runs" if len(study.params.train.grid.seed) == 1 else ""
    return Evidence(
        listed(worded(study.title(name), result) for name, result in found.items()) + single,
        [result.interval for result in found.values()],
    )


def networks(study: Study, dataset: str) -> Evidence:
    """Wilson intervals of all network test accuracies of a dataset."""
    runs = study.runs[study.runs["dataset"] == dataset].dropna(subset=["test_accuracy"])
    if runs.empty:
        return Evidence()
    intervals = [wilson(row["test_samples"] - row["wrong"], row["test_samples"]) for row in rows_of(runs)]
    low, high = runs["test_accuracy"].min(), runs["test_accuracy"].max()
    return Evidence(f"{len(runs)} cells from {percent(low)} to {percent(high)} %", intervals)


def svms(study: Study, dataset: str, **where: object) -> Evidence:
    """Wilson intervals of the test accuracies of some SVMs of a dataset."""
    table = study.svms[study.svms["dataset"] == dataset].dropna(subset=["test_accuracy"])
    for column, value in where.items():
        table = table[table[column] == value]
    if table.empty:
        return Evidence()
    intervals = [wilson(row["test_samples"] - row["wrong"], row["test_samples"]) for row in rows_of(table)]
    return Evidence(f"{listed(percent(value) for value in table['test_accuracy'])} %", intervals)


def parameter_share(study: Study, small: str, large: str) -> float | None:
    """By how much the smaller network has fewer parameters, as a share; None where one was not trained."""
    sizes: pd.Series[float] = study.runs.groupby("model")["parameters"].max()
    if small not in sizes or large not in sizes or sizes[[small, large]].isna().any():
        return None
    return float(1 - sizes[small] / sizes[large])
