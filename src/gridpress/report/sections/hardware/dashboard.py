"""One figure per machine: accuracy, time, FLOPs and speedup at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import pandas as pd

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis import workloads
from gridpress.report.analysis.timed_cases import cases, of_machine
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import percent, shown
from gridpress.report.sections.hardware.accuracy import Trained, sources, trained
from gridpress.report.sections.hardware.dashboard_plot import draw
from gridpress.report.sections.hardware.speedups import ratios
from gridpress.report.sections.hardware.wording import code, load, milliseconds


def dashboards(study: Study) -> Iterator[Item]:
    """Nothing where no machine was measured; training steps of the first batch size only."""
    everything, networks = cases(study), trained(study)
    for record in study.hardware.values():
        here = training_steps(of_machine(everything, record), record)
        if here.empty:
            continue
        settings = record.settings
        known = [
            entry
            for entry in networks
            if entry.model in settings.models and entry.optimizer in settings.optimizers
        ]
        yield _figure(study, record, here, known)


def training_steps(table: pd.DataFrame, record: HardwareRecord) -> pd.DataFrame:
    """Rows of training steps of the first batch size."""
    batch = record.settings.batch_sizes[0]
    return table[(table["work"] != workloads.INFERENCE) & (table["batch_size"] == batch)]


def _figure(study: Study, record: HardwareRecord, here: pd.DataFrame, known: Sequence[Trained]) -> Item:
    compared = training_steps(ratios(record), record)
    accuracies = [
        {"dataset": e.dataset, "model": e.model, "work": shown(e.optimizer), "accuracy": e.accuracy}
        for e in known
    ]
    settings = record.settings
    return Figure(
        name=slug("dashboard", record.name),
        caption=(
            f"`{record.name}` at a glance, training steps of {settings.batch_sizes[0]} images of "
            f"{settings.image_size} pixels, with 95 % intervals. Accuracy: test images, networks of this "
            f"study at {study.params.train.image_size} pixels. Time: median of a step. FLOPs: one image's "
            f"forward pass, one per multiply-add (fvcore). Speedup: over `{workloads.reference(record)}`; "
            f"left of the line is slower.{_best_cpu(record, compared)}{load(record)}"
        ),
        alt=_alt(study, record.name, here, known, compared),
        data=pd.concat(
            [
                here[["target", "work", "model", "seconds", "seconds_low", "seconds_high", "flops"]],
                compared.drop(columns=["batch_size", "distinguishable"]),
                pd.DataFrame(accuracies),
            ],
            ignore_index=True,
        ),
        sources=[study.source("hardware", record.name), *sources(study, known)],
        draw=partial(draw, study, record, here, known, compared),
    )


def _best_cpu(record: HardwareRecord, compared: pd.DataFrame) -> str:
    fast = workloads.accelerators(record)
    best = compared.loc[compared["target"].isin(fast), "baseline"].unique()
    return f" That of {code(fast)} is over the best CPU target, {code(best)}." if len(best) else ""


def _alt(
    study: Study, machine: str, here: pd.DataFrame, known: Sequence[Trained], compared: pd.DataFrame
) -> str:
    ranked = rows_of(here.sort_values("seconds", kind="stable"))
    quick, slow = map(_step, (ranked[0], ranked[-1]))
    parts = [f"Four panels for {machine}. The shortest training step takes {quick}, the longest {slow}."]
    if known:
        best = max(known, key=lambda entry: entry.accuracy)
        parts.append(
            f"The most accurate network is {shown(best.model)} with {shown(best.optimizer)} on "
            f"{study.title(best.dataset)}, {percent(best.accuracy)} %."
        )
    if not compared.empty:
        row = rows_of(compared.sort_values("speedup", kind="stable"))[-1]
        parts.append(
            f"The largest speedup is {row['speedup']:.2f} times, {row['target']} over {row['baseline']}."
        )
    return " ".join(parts)


def _step(row: dict[str, object]) -> str:
    time = milliseconds(float(str(row["seconds"])))
    return f"{time} ms ({shown(row['model'])} with {row['work']} on {row['target']})"
