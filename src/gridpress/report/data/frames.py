"""Records as tidy tables; shares lie between 0 and 1, times are seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from gridpress.results.selection import chosen
from gridpress.study.grid import CONFIGURATION, SvmRun, TrainRun
from gridpress.study.records.runs import SvmRecord, TrainRecord
from gridpress.study.records.timings import ClassicalTiming, TrainTiming

ACCURACIES = ["train_accuracy", "validation_accuracy", "test_accuracy"]
MEASURED, DIVERGED, MISSING = "measured", "diverged", "missing"


def runs(
    wanted: Mapping[str, TrainRun],
    found: Mapping[str, TrainRecord],
    timings: Mapping[str, TrainTiming],
    milestones: Sequence[int],
) -> pd.DataFrame:
    """One row per run and milestone, in grid order.

    Columns: key, the axes, epoch, state (measured, diverged or missing), the accuracies (NaN where
    not measured), wrong (test images), test_samples, parameters, training_seconds (optimisation
    from the first step to this milestone; NaN without a timing).
    """
    rows = []
    for key, run in wanted.items():
        record, timing = found.get(key), timings.get(key)
        reached = {m.epoch: m for m in record.milestones} if record else {}
        for epoch in milestones:
            milestone = reached.get(epoch)
            row = {"key": key, **vars(run), "epoch": epoch, "state": _state(record, epoch)}
            for accuracy in ACCURACIES:
                row[accuracy] = getattr(milestone, accuracy) if milestone else np.nan
            row["wrong"] = len(milestone.misclassified.index) if milestone else np.nan
            row["test_samples"] = record.test_samples if record else np.nan
            row["parameters"] = record.parameters if record else np.nan
            spent = timing.training_seconds[:epoch] if timing else []
            row["training_seconds"] = sum(spent) if milestone and len(spent) == epoch else np.nan
            rows.append(row)
    return pd.DataFrame(rows)


def _state(record: TrainRecord | None, epoch: int) -> str:
    if record is None:
        return MISSING
    if any(milestone.epoch == epoch for milestone in record.milestones):
        return MEASURED
    return DIVERGED if record.diverged_at_epoch is not None else MISSING


def configurations(table: pd.DataFrame) -> pd.DataFrame:
    """Runs averaged over their seeds: one row per configuration and milestone, in grid order.

    An accuracy is the mean over the seeds measured; `seeds` is their number, `*_sd` the standard
    deviation over them (NaN for one). `training_seconds` is the mean over the seeds timed. `state` is
    measured only if every seed is. `chosen` marks one configuration per dataset, `chosen_for_model` one
    per dataset and model: by validation accuracy.
    """
    groups = table.groupby([*CONFIGURATION, "epoch"], sort=False, as_index=False)
    result = groups.agg(
        state=("state", _worst),
        seeds=("validation_accuracy", "count"),
        **{name: (name, "mean") for name in ACCURACIES},
        **{f"{name}_sd": (name, "std") for name in ACCURACIES},
        wrong=("wrong", "sum"),
        test_samples=("test_samples", "max"),
        parameters=("parameters", "max"),
        training_seconds=("training_seconds", "mean"),
        keys=("key", tuple),
    )
    result["chosen"] = mark_chosen(result, ["dataset"])
    result["chosen_for_model"] = mark_chosen(result, ["dataset", "model"])
    return result


def _worst(states: pd.Series[str]) -> str:
    return next((state for state in (DIVERGED, MISSING) if (states == state).any()), MEASURED)


def mark_chosen(table: pd.DataFrame, by: list[str]) -> pd.Series[bool]:
    """Which rows validation chose, one in each group of equal `by`; only whole rows are candidates."""
    marks = pd.Series(data=False, index=table.index)
    for _, group in table[table["state"] == MEASURED].groupby(by, sort=False):
        best = chosen(group.index, group["validation_accuracy"].__getitem__)
        if best is not None:
            marks[best] = True
    return marks


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dictionaries by column."""
    return [
        dict(zip(map(str, table.columns), row, strict=True))
        for row in table.itertuples(index=False, name=None)
    ]


def history(wanted: Mapping[str, TrainRun], found: Mapping[str, TrainRecord]) -> pd.DataFrame:
    """One row per run and epoch: key, the axes, epoch, loss, train and validation accuracy."""
    columns = ["key", *CONFIGURATION, "seed", "epoch", "loss", "train_accuracy", "validation_accuracy"]
    rows = [
        {"key": key, **vars(run), **epoch.model_dump()}
        for key, run in wanted.items()
        if key in found
        for epoch in found[key].history
    ]
    return pd.DataFrame(rows, columns=columns)


def svms(
    wanted: Mapping[str, SvmRun], found: Mapping[str, SvmRecord], timings: Mapping[str, ClassicalTiming]
) -> pd.DataFrame:
    """One row per support vector machine, in the order of params.yaml.

    Columns: key, dataset, name, kernel, degree, C, gamma, state, the accuracies, wrong (test images),
    test_samples, train_samples, support_vectors (their number), converged, fit_seconds,
    predict_seconds, chosen (per dataset), chosen_for_kernel (per dataset and kernel).
    """
    rows = []
    for key, run in wanted.items():
        record, timing = found.get(key), timings.get(key)
        row = {"key": key, "dataset": run.dataset, "name": run.name, **run.config.model_dump()}
        row["state"] = MEASURED if record else MISSING
        for accuracy in ACCURACIES:
            row[accuracy] = getattr(record, accuracy) if record else np.nan
        row["wrong"] = len(record.misclassified.index) if record else np.nan
        row["test_samples"] = record.test_samples if record else np.nan
        row["train_samples"] = record.train_samples if record else np.nan
        row["support_vectors"] = sum(record.support_vectors) if record else np.nan
        row["converged"] = record.converged if record else None
        row["fit_seconds"] = timing.fit_seconds if timing else np.nan
        row["predict_seconds"] = timing.predict_seconds if timing else np.nan
        rows.append(row)
    table = pd.DataFrame(rows)
    table["chosen"] = mark_chosen(table, ["dataset"])
    table["chosen_for_kernel"] = mark_chosen(table, ["dataset", "kernel"])
    return table
