"""Test accuracies of this study that claims are held against."""

from __future__ import annotations

import pandas as pd

from gridpress.report import best
from gridpress.report.claims.evidence import Evidence, decided, joined, spanned, worded
from gridpress.report.effects import paired
from gridpress.report.frames import rows_of
from gridpress.report.names import AXIS_TITLES, listed, percent, points, shown
from gridpress.report.study import Study
from gridpress.statistics import Effect, effect, mcnemar, wilson


def moved(
    study: Study,
    move: tuple[str, object, object],
    dataset: str | None = None,
    epoch: int | None = None,
    **where: object,
) -> Evidence:
    """Test accuracy at `second` minus at `first`, per dataset, at the last milestone unless another is asked."""
    axis, first, second = move
    at = study.params.train.milestones[-1] if epoch is None else epoch
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
            f"{AXIS_TITLES[axis].lower()} {shown(first)} and {shown(second)} were not both measured"
        )
    single = " in single runs" if len(study.params.train.grid.seed) == 1 else ""
    return Evidence(
        listed(worded(name, result) for name, result in found.items()) + single,
        [decided(result) for result in found.values()],
    )


def svm_pairs(study: Study, column: str, first: object, second: object) -> Evidence:
    """SVM test accuracy at `second` minus at `first`, over pairs equal in C and gamma (and kernel or degree)."""
    found = []
    for dataset, here in study.svms.groupby("dataset", sort=False):
        sides = [
            here[here[column] == value].groupby(["C", "gamma"])["test_accuracy"].max()
            for value in (second, first)
        ]
        result = effect([[value] for value in (sides[0] - sides[1]).dropna()])
        if result is not None:
            found.append((worded(str(dataset), result), result.interval))
    return joined(found)


def networks(study: Study, dataset: str) -> Evidence:
    """Wilson intervals of all network test accuracies of a dataset."""
    runs = study.runs[study.runs["dataset"] == dataset].dropna(subset=["test_accuracy"])
    if runs.empty:
        return Evidence()
    intervals = [wilson(row["test_samples"] - row["wrong"], row["test_samples"]) for row in rows_of(runs)]
    low, high = runs["test_accuracy"].min(), runs["test_accuracy"].max()
    return Evidence(f"{len(runs)} cells from {percent(low)} to {percent(high)} %", intervals)


def machines(study: Study, dataset: str, **where: object) -> Evidence:
    """Wilson intervals of the test accuracies of some SVMs of a dataset."""
    table = study.svms[study.svms["dataset"] == dataset].dropna(subset=["test_accuracy"])
    for column, value in where.items():
        table = table[table[column] == value]
    if table.empty:
        return Evidence()
    intervals = [wilson(row["test_samples"] - row["wrong"], row["test_samples"]) for row in rows_of(table)]
    return Evidence(f"{listed(percent(value) for value in table['test_accuracy'])} %", intervals)


def classifier_gap(study: Study, first: str, second: str, dataset: str) -> Evidence:
    """Test accuracy of one classifier's choice minus another's, by paired interval."""
    chosen = {(b.dataset, b.classifier): b for b in [*best.networks(study), *best.machines(study)]}
    one, other = (chosen.get((dataset, name)) for name in (first, second))
    return _gap(one, other) if one is not None and other is not None else Evidence()


def family_gap(study: Study) -> Evidence:
    """Best network minus best SVM by paired intervals, per dataset."""
    chosen = best.overall(best.networks(study)), best.overall(best.machines(study))
    if not all(dataset in bests for bests in chosen for dataset in study.datasets):
        return Evidence()
    parts = [_gap(*(bests[dataset] for bests in chosen)) for dataset in study.datasets]
    return Evidence(listed(part.words for part in parts), [i for part in parts for i in part.intervals])


def _gap(one: best.Best, other: best.Best) -> Evidence:
    result = mcnemar(one.wrong.index, other.wrong.index, one.images)
    words = f"{points(result.difference)} points on {shown(one.dataset)}"
    return Evidence(
        f"{spanned(words, result.interval, points)}, {one.name} minus {other.name}", [result.interval]
    )


def parameter_share(study: Study, small: str, large: str) -> float | None:
    """By how much the smaller network has fewer parameters, as a share; None where one was not trained."""
    sizes: pd.Series[float] = study.runs.groupby("model")["parameters"].max()
    if small not in sizes or large not in sizes or sizes[[small, large]].isna().any():
        return None
    return float(1 - sizes[small] / sizes[large])
