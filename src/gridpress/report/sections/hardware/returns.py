"""What a second or a FLOP of training buys in accuracy."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.config.declared import Datasets
from gridpress.report.analysis.network_costs import has_dead_taps
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, plotting, style
from gridpress.report.presentation.items import Figure, Item
from gridpress.report.presentation.names import percent, shown
from gridpress.report.presentation.tables import Column, leading, table, words
from gridpress.report.sections.hardware.accuracy import sources, trained
from gridpress.report.sections.hardware.gains import gains
from gridpress.report.sections.hardware.wording import same_decimals, three


def return_on_compute(study: Study) -> Iterator[Item]:
    """A figure and its table; needs trained networks only, no machine's record."""
    data = gains(study)
    if data.empty:
        return
    found = [*sources(study, trained(study)), *study.sources("timing/train", study.times.train)]
    ranked = rows_of(data.sort_values("per_second", kind="stable"))
    yield Figure(
        name="return",
        caption=(
            "Return on compute: percentage points of test accuracy above chance per second and per "
            "teraFLOP of training, of the configuration that validation chose for each network and "
            "optimizer, with the 95 % interval of its accuracy. FLOPs are fvcore's of the full network, "
            f"three forward passes a step.{_not_executed(study)}"
        ),
        alt=(
            "Dot plots of accuracy gained per second and per FLOP. Most per second: "
            f"{_gain(study, ranked[-1])}. "
            f"Least: {_gain(study, ranked[0])}."
        ),
        data=data,
        sources=found,
        draw=partial(_draw, data, {d: study.params.dataset(d) for d in study.datasets}),
    )
    precision = [words("Precision", "precision", shown)] if len(data["precision"].unique()) > 1 else []
    yield table(
        "return",
        (
            "Return on compute: the numbers of @fig-return. Intervals are those of the accuracies; each "
            "training was timed once."
        ),
        data,
        [
            leading("Dataset", "dataset", study.title),
            leading("Network", "model"),
            words("Optimizer", "optimizer", shown),
            *precision,
            Column(title="Accuracy (%)", of="accuracy", format=percent),
            Column(title="Epochs", of="epochs"),
            Column(title="Training (s)", of="seconds", format=same_decimals(data["seconds"].tolist())),
            Column(title="TFLOPs", of="flops", format=lambda flops: f"{flops / 1e12:.2f}"),
            *_gain_columns("Points/s", "per_second"),
            *_gain_columns("Points/TFLOP", "per_teraflop"),
        ],
        found,
        wide=True,
    )


def _gain_columns(title: str, name: str) -> list[Column]:
    return [
        Column(title=title, of=name, format=three),
        Column(
            title="Interval",
            of=(f"{name}_low", f"{name}_high"),
            format=lambda low, high: f"{three(low)} to {three(high)}",
        ),
    ]


def _not_executed(study: Study) -> str:
    """A sentence with a space before it, where training leaves out what is counted."""
    if not any(has_dead_taps(entry.architecture) for entry in trained(study)):
        return ""
    return (
        f" At {study.params.train.image_size} pixels some taps of the kernels only ever meet padding: they "
        "are counted here, but training without weight decay leaves them out, so it executes fewer."
    )


def _gain(study: Study, row: dict[str, object]) -> str:
    return (
        f"{row['per_second']:.2f} points per second ({shown(row['model'])} with {shown(row['optimizer'])} on "
        f"{study.title(row['dataset'])})"
    )


def _draw(table: pd.DataFrame, declared: Datasets) -> matplotlib.figure.Figure:
    """A panel per unit, a row per network and optimizer; `table` is that of `gains.gains`."""
    datasets, models = (list(table[name].unique()) for name in ("dataset", "model"))
    looks = {name: {"marker": declared[name].marker} for name in datasets} if len(datasets) > 1 else {}
    kinds = list(table[["model", "optimizer"]].drop_duplicates().itertuples(index=False, name=None))
    figure, grid = plt.subplots(1, 2, figsize=(style.TEXT_WIDTH, 1.2 + 0.32 * len(kinds)), sharey=True)
    for axes, name, label in zip(grid, ("per_second", "per_teraflop"), ("second", "teraFLOP"), strict=True):
        for row in rows_of(table):
            place = kinds.index((row["model"], row["optimizer"])) + plotting.dodge(
                datasets.index(row["dataset"]), len(datasets), 0.5
            )
            axes.hlines(
                place, row[f"{name}_low"], row[f"{name}_high"], color=encoding.colour(row["model"]), lw=0.9
            )
            axes.plot(row[name], place, **(plotting.network(row["model"]) | looks.get(row["dataset"], {})))
        axes.set_title(f"Points per {label}")
        axes.set_xlim(left=0)
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="y", length=0)
    grid[0].set_yticks(
        range(len(kinds)), [f"{shown(model)}, {shown(optimizer)}" for model, optimizer in kinds]
    )
    grid[0].set_ylim(len(kinds) - 0.5, -0.5)
    plotting.legend(figure, models, {declared[name].title: look for name, look in looks.items()})
    return figure
