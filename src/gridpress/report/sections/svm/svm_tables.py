"""Tables of support vector machines, as in study A."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from gridpress.families.svms import inline
from gridpress.report.analysis import recipes
from gridpress.report.data.frames import MEASURED, rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item, slug
from gridpress.report.presentation.markup import MARK, escape
from gridpress.report.presentation.names import SVM_AXES, configuration, count, percent
from gridpress.report.presentation.tables import Column, durations, interval, leading, table
from gridpress.stats.intervals import NO_INTERVAL, wilson


def name(row: Mapping[str, Any]) -> str:
    """An SVM in words, such as `polynomial kernel, degree 2, C 0.1, gamma scale`."""
    return f"{inline(row['kernel'])} kernel, {configuration(row, SVM_AXES)}"


def tables(study: Study) -> Iterator[Item]:
    """Per dataset, every SVM with its accuracies, size and time."""
    for dataset, here in study.svms.groupby("dataset", sort=False):
        yield table(
            slug("svm", dataset),
            _caption(study, str(dataset), here),
            _with_intervals_and_records(here),
            [
                leading("Kernel", "kernel"),
                leading("Degree", "degree"),
                leading("C", "C"),
                leading("Gamma", "gamma"),
                Column(title="Train (%)", of="train_accuracy", format=percent),
                Column(title="Validation (%)", of="validation_accuracy", format=percent),
                Column(
                    title="Test (%)",
                    of="test_accuracy",
                    format=percent,
                    bold="chosen_for_kernel",
                    marked="chosen",
                    link="record",
                ),
                interval("low", "high"),
                Column(title="Macro F1 (%)", of="test_macro_f1", format=percent),
                Column(title="Support vectors", of=("support_vectors", "converged"), format=_support_vectors),
                durations("Fit time (s)", "fit_seconds", here),
            ],
            [
                *study.sources("svm", here["key"]),
                *study.sources("timing/svm", [key for key in here["key"] if key in study.times.svm]),
            ],
            wide=True,
        )


def _with_intervals_and_records(svms: pd.DataFrame) -> pd.DataFrame:
    """Columns low, high (of test accuracy) and record (an address); missing for what was not measured."""
    rows = rows_of(svms)
    intervals = [
        wilson(row["test_samples"] - row["wrong"], row["test_samples"])
        if row["state"] == MEASURED
        else NO_INTERVAL
        for row in rows
    ]
    records: list[Any] = [
        recipes.link("svm", row["key"]) if row["state"] == MEASURED else None for row in rows
    ]
    return svms.drop(columns=["key", "name"]).assign(
        low=[found.low for found in intervals],
        high=[found.high for found in intervals],
        record=records,
    )


def _support_vectors(number: float, converged: bool | None) -> str:
    return count(number) + ("*" if converged is False else "")


def _caption(study: Study, dataset: str, here: pd.DataFrame) -> str:
    samples = here["train_samples"].dropna()
    trained = f" trained on {count(samples.max())} images" if not samples.empty else ""
    unfinished = (
        " Support vectors with an asterisk: the solver stopped at `max_iter` before it converged."
        if here["converged"].eq(other=False).any()
        else ""
    )
    measures = (
        " Other measures of the choice, with intervals: @tbl-measures."
        if here["state"].eq(MEASURED).any()
        else ""
    )
    return (
        f"{study.title(dataset)}: accuracies of every SVM{trained}. "
        f"{MARK} marks the one that validation chose, bold the choice for each kernel. "
        f"Fit time: with the kernel, {escape(study.times.clock)}. Every test accuracy leads to its record."
        f"{unfinished}{measures}"
    )
