"""Records as tidy tables; shares lie between 0 and 1, times are seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from gridpress.config.values import METRICS, Metric
from gridpress.evaluation.scores import merit
from gridpress.families.family import Tested
from gridpress.families.networks import NETWORKS
from gridpress.families.svms import SVMS
from gridpress.results.selection import chosen
from gridpress.study.grid import CONFIGURATION, SvmRun, TrainRun
from gridpress.study.records.runs import Epoch, SvmRecord, TrainRecord
from gridpress.study.records.timings import ClassicalTiming, TrainTiming

MEASURES = [f"{split}_{metric}" for split in ("validation", "test") for metric in METRICS]
MEASURED, DIVERGED, MISSING = "measured", "diverged", "missing"


def runs(
    wanted: Mapping[str, TrainRun],
    found: Mapping[str, TrainRecord],
    timings: Mapping[str, TrainTiming],
    epochs: Callable[[TrainRun], Sequence[int]],
) -> pd.DataFrame:
    """One row per run and milestone, in grid order.

    Columns: key, the axes, epoch, state (measured, diverged or missing), the measures (NaN where
    not measured), wrong (test images), test_samples, parameters, training_seconds (optimisation
    from the first step to this milestone; NaN without a timing).

    Args:
        wanted: the runs that params.yaml asks for, by key.
        found: their records.
        timings: their times.
        epochs: at which a run is tested.
    """
    rows = []
    for key, run in wanted.items():
        record, timing = found.get(key), timings.get(key)
        states = NETWORKS.tested(record) if record else []
        reached = {tested.epoch: tested for tested in states}
        accuracies = [milestone.train_accuracy for milestone in record.milestones] if record else []
        trained_on = dict(zip(reached, accuracies, strict=True))
        for epoch in epochs(run):
            tested = reached.get(epoch)
            row = {"key": key, **vars(run), "epoch": epoch, "state": _state(record, tested)}
            row["train_accuracy"] = trained_on.get(epoch, np.nan)
            row |= measures_of(tested)
            row["test_samples"] = record.test_samples if record else np.nan
            row["parameters"] = record.parameters if record else np.nan
            spent = tested and timing and NETWORKS.training_seconds(timing, tested.trained)
            row["training_seconds"] = np.nan if spent is None else spent
            rows.append(row)
    return pd.DataFrame(rows)


def measures_of(tested: Tested | None) -> dict[str, float]:
    """The columns of `MEASURES`, and `wrong`; NaN where nothing was tested."""
    if tested is None:
        return dict.fromkeys([*MEASURES, "wrong"], np.nan)
    values = {
        f"{split}_{name}": float(getattr(found, name))
        for split, found in (("validation", tested.validation), ("test", tested.test))
        for name in METRICS
    }
    return {**values, "wrong": len(tested.test.misclassified.index)}


def _state(record: TrainRecord | None, tested: Tested | None) -> str:
    if record is None:
        return MISSING
    if tested is not None:
        return MEASURED
    return DIVERGED if record.diverged_at_epoch is not None else MISSING


def configurations(table: pd.DataFrame, metric: Metric) -> pd.DataFrame:
    """Runs averaged over their seeds: one row per configuration and milestone, in grid order.

    A measure is the mean over the seeds measured; `seeds` is their number, `*_sd` the standard
    deviation over them (NaN for one). `training_seconds` is the mean over the seeds timed. `state` is
    measured only if every seed is. `chosen` marks one configuration per dataset, `chosen_for_model` one
    per dataset and model: by the metric of validation.
    """
    measures = ["train_accuracy", *MEASURES]
    groups = table.groupby([*CONFIGURATION, "epoch"], sort=False, as_index=False)
    result = groups.agg(
        state=("state", _worst),
        seeds=("validation_accuracy", "count"),
        **{name: (name, "mean") for name in measures},
        **{f"{name}_sd": (name, "std") for name in measures},
        wrong=("wrong", "sum"),
        test_samples=("test_samples", "max"),
        parameters=("parameters", "max"),
        training_seconds=("training_seconds", "mean"),
        keys=("key", tuple),
    )
    result["chosen"] = mark_chosen(result, ["dataset"], metric)
    result["chosen_for_model"] = mark_chosen(result, ["dataset", "model"], metric)
    return result


def _worst(states: pd.Series[str]) -> str:
    return next((state for state in (DIVERGED, MISSING) if (states == state).any()), MEASURED)


def row_score(row: Mapping[str, Any], metric: Metric) -> float:
    """What a row is chosen by: more is better."""
    return merit(metric, float(row[f"validation_{metric}"]))


def mark_chosen(table: pd.DataFrame, by: list[str], metric: Metric) -> pd.Series[bool]:
    """Which rows validation chose, one in each group of equal `by`; only whole rows are candidates."""
    marks = pd.Series(data=False, index=table.index)
    for _, group in table[table["state"] == MEASURED].groupby(by, sort=False):
        scores = {
            place: row_score(row, metric) for place, row in zip(group.index, rows_of(group), strict=True)
        }
        best = chosen(group.index, scores.__getitem__)
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
    """One row per run and epoch: key, the axes, and the fields of `study.records.runs.Epoch`."""
    columns = ["key", *CONFIGURATION, "seed", *Epoch.model_fields]
    rows = [
        {"key": key, **vars(run), **epoch.model_dump()}
        for key, run in wanted.items()
        if key in found
        for epoch in found[key].history
    ]
    return pd.DataFrame(rows, columns=columns)


def svms(
    wanted: Mapping[str, SvmRun],
    found: Mapping[str, SvmRecord],
    timings: Mapping[str, ClassicalTiming],
    metric: Metric,
) -> pd.DataFrame:
    """One row per support vector machine, in the order of params.yaml.

    Columns: key, dataset, name, kernel, degree, C, gamma, state, the measures, wrong (test images),
    test_samples, train_samples, support_vectors (their number), converged, fit_seconds,
    predict_seconds, chosen (per dataset), chosen_for_kernel (per dataset and kernel).
    """
    rows = []
    for key, run in wanted.items():
        record, timing = found.get(key), timings.get(key)
        row = {"key": key, "dataset": run.dataset, "name": run.name, **run.config.model_dump()}
        row["state"] = MEASURED if record else MISSING
        row["train_accuracy"] = record.train_accuracy if record else np.nan
        row |= measures_of(SVMS.tested(record)[0] if record else None)
        row["test_samples"] = record.test_samples if record else np.nan
        row["train_samples"] = record.train_samples if record else np.nan
        row["support_vectors"] = sum(record.support_vectors) if record else np.nan
        row["converged"] = record.converged if record else None
        row["fit_seconds"] = timing.fit_seconds if timing else np.nan
        row["predict_seconds"] = timing.predict_seconds if timing else np.nan
        rows.append(row)
    table = pd.DataFrame(rows)
    table["chosen"] = mark_chosen(table, ["dataset"], metric)
    table["chosen_for_kernel"] = mark_chosen(table, ["dataset", "kernel"], metric)
    return table
