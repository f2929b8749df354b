"""Time against FLOPs, and what a second or a FLOP of training buys in accuracy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, plotting, style
from gridpress.report.presentation.items import Figure, Item, Table, column, merged, number, slug
from gridpress.report.presentation.markup import Cell, Header
from gridpress.report.presentation.names import in_seconds, percent, shown
from gridpress.report.sections.hardware import workloads
from gridpress.report.sections.hardware.accuracy import CHANCE, sources, trained
from gridpress.report.sections.hardware.counting import convolutions, cost
from gridpress.report.sections.hardware.workloads import load

PASSES = 3  # of a training step: forward, gradients of inputs and of weights
COLUMNS = (
    "dataset",
    "model",
    "optimizer",
    "precision",
    "epochs",
    "accuracy",
    "low",
    "high",
    "seconds",
    "flops",
    "per_second",
    "per_second_low",
    "per_second_high",
    "per_teraflop",
    "per_teraflop_low",
    "per_teraflop_high",
)


def time_against_flops(study: Study) -> Iterator[Item]:
    """Per machine; a line joins the networks on one target."""
    table = workloads.cases(study)
    for machine, record in study.hardware.items():
        here = table[(table["machine"] == machine) & (table["batch_size"] == record.settings.batch_sizes[0])]
        kinds = list(dict.fromkeys(row["work"] for row in rows_of(here)))
        shown_kinds = [*kinds[:1], *(kind for kind in kinds[1:] if kind == workloads.INFERENCE)]
        here = here[here["work"].isin(shown_kinds)]
        if here.empty or len(here["model"].unique()) == 1:
            continue
        yield Figure(
            name=slug("time-flops", machine),
            caption=(
                f"`{machine}`: median time of a step of {record.settings.batch_sizes[0]} images against its FLOPs "
                "(two per multiply-add, backward pass counted), a line per target. Where a line is flatter than the "
                "grey ones, which mark equal FLOP/s, the larger network uses the target better."
                f"{load(record)}"
            ),
            alt=f"Line plots of time against FLOPs on {machine}. {_alt(here)}",
            data=here[["target", "work", "model", "step_flops", "seconds", "seconds_low", "seconds_high"]],
            sources=[study.source("hardware", machine)],
            draw=partial(_draw_time, here, shown_kinds, record),
        )


def _alt(here: pd.DataFrame) -> str:
    rates = here.assign(rate=here["step_flops"] / here["seconds"]).sort_values("rate", kind="stable")
    ends = [rows_of(rates)[place] for place in (-1, 0)]
    words = [
        f"{workloads.scaled(row['rate'], 'FLOP/s')} ({shown(row['model'])}, {row['work']}, {row['target']})"
        for row in ends
    ]
    return f"Most FLOPs per second: {words[0]}. Fewest: {words[1]}."


def _draw_time(here: pd.DataFrame, kinds: Sequence[str], record: HardwareRecord) -> matplotlib.figure.Figure:
    figure, grid = plt.subplots(1, len(kinds), figsize=(style.TEXT_WIDTH, 3.0), squeeze=False)
    targets = workloads.measured(record)
    for axes, kind in zip(grid[0], kinds, strict=True):
        part = here[here["work"] == kind]
        low, high = part["step_flops"].min(), part["step_flops"].max()
        axes.set(xscale="log", yscale="log", xlim=(low / 1.25, high * 1.25))
        least, most = part["seconds_low"].min(), part["seconds_high"].max()
        axes.set_ylim(1000 * least / 1.4, 1000 * most * 1.4)
        for power in range(-1, 12):
            start = 1000 * (low / 1.25) / 10.0 ** (6 + power)
            axes.plot(
                [low / 1.25, high * 1.25],
                [start, start * high / low * 1.25**2],
                color=style.LINE,
                lw=0.6,
                zorder=0,
            )
        ends = []
        for target in targets:
            line = part[part["target"] == target].sort_values("step_flops")
            axes.plot(line["step_flops"], 1000 * line["seconds"], color=style.SOFT, lw=0.9, zorder=1)
            ends.append((1000 * float(line["seconds"].iloc[-1]), target))
        for row in rows_of(part):
            axes.vlines(
                row["step_flops"],
                1000 * row["seconds_low"],
                1000 * row["seconds_high"],
                color=style.INK,
                lw=0.8,
            )
            axes.plot(row["step_flops"], 1000 * row["seconds"], **plotting.network(row["model"]))
        plotting.end_labels(axes, ends)
        plotting.plain_ticks(axes.xaxis, 1e9)
        plotting.plain_ticks(axes.yaxis)
        axes.set_title("Inference" if kind == workloads.INFERENCE else f"Training with {kind}")
    grid[0, 0].set_ylabel("Time of a step (ms)")
    figure.supxlabel("GFLOPs of a step", fontsize=style.FONT_SIZE)
    plotting.legend(figure, here["model"].unique())
    return figure


def gains(study: Study) -> pd.DataFrame:
    """One row per dataset, network, optimizer and precision that was trained and timed.

    The gain is test accuracy over chance, of the configuration that validation chose; `per_second` is the
    gain in percentage points over seconds of training, `per_teraflop` over FLOPs of the training (fvcore's
    count, three forward passes a step, all taps of all kernels), both with the interval of the accuracy.
    """
    images, size = study.params.data.images("train"), study.params.train.image_size
    rows = []
    for entry in trained(study):
        if not entry.seconds > 0:
            continue
        flops = (
            PASSES * entry.epochs * images * cost(entry.model, study.params.train.channels, size).flops_fvcore
        )
        ends = (entry.accuracy, entry.interval.low, entry.interval.high)
        per_second, per_teraflop = (
            [100 * (value - CHANCE) / spent for value in ends] for spent in (entry.seconds, flops / 1e12)
        )
        names = (entry.dataset, entry.model, entry.optimizer, entry.precision, entry.epochs)
        rows.append((*names, *ends, entry.seconds, flops, *per_second, *per_teraflop))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def return_on_compute(study: Study) -> Iterator[Item]:
    """A figure and its table; needs trained networks only, no machine's record."""
    table = gains(study)
    if table.empty:
        return
    found = [*sources(study, trained(study)), *study.sources("timing/train", study.times.train)]
    ranked = rows_of(table.sort_values("per_second", kind="stable"))
    yield Figure(
        name="return",
        caption=(
            "Return on compute: points of test accuracy above chance per second and per teraFLOP of training, of the "
            "configuration that validation chose for each network and optimizer, with the interval of its accuracy. "
            f"FLOPs are fvcore's of the full network, three forward passes a step.{_not_executed(study)}"
        ),
        alt=(
            f"Dot plots of accuracy gained per second and per FLOP. Most per second: {_gain(ranked[-1])}. "
            f"Least: {_gain(ranked[0])}."
        ),
        data=table,
        sources=found,
        draw=partial(_draw_return, table),
    )
    precisions = len(table["precision"].unique()) > 1
    head = [
        "Accuracy (%)",
        "Epochs",
        "Training (s)",
        "TFLOPs",
        "Points/s",
        "Interval",
        "Points/TFLOP",
        "Interval",
    ]
    leading = merged([(shown(row["dataset"]), shown(row["model"])) for row in rows_of(table)])
    yield Table(
        name="return",
        caption="Return on compute: the numbers of @fig-return. Intervals are those of the accuracies; each training was timed once.",
        data=table,
        sources=found,
        head=[
            [
                *map(Header, ("Dataset", "Network", "Optimizer", *(["Precision"] if precisions else []))),
                *map(column, head),
            ]
        ],
        body=[
            [
                *lead,
                *(Cell(shown(row[key])) for key in ("optimizer", *(["precision"] if precisions else []))),
                number(percent(row["accuracy"])),
                number(f"{row['epochs']}"),
                number(time),
                number(f"{row['flops'] / 1e12:.2f}"),
                *_both(row, "per_second"),
                *_both(row, "per_teraflop"),
            ]
            for lead, row, time in zip(
                leading, rows_of(table), in_seconds(table["seconds"].to_list()), strict=True
            )
        ],
        wide=True,
    )


def _not_executed(study: Study) -> str:
    """A sentence with a space before it, where training leaves out what is counted."""
    train = study.params.train
    networks = (convolutions(name, train.channels, train.image_size) for name in train.grid.model)
    if all(layer.size > 1 for layers in networks for layer in layers):
        return ""
    return (
        f" At {train.image_size} pixels the last maps are single pixels: the taps of their kernels that only meet "
        "padding are counted here, but training without weight decay leaves them out, so it executes fewer."
    )


def _gain(row: dict[str, object]) -> str:
    return (
        f"{row['per_second']:.2f} points per second ({shown(row['model'])} with {shown(row['optimizer'])} on "
        f"{shown(row['dataset'])})"
    )


def _both(row: dict[str, object], name: str) -> list[Cell]:
    value, low, high = (workloads.three(float(str(row[f"{name}{end}"]))) for end in ("", "_low", "_high"))
    return [number(value), number(f"{low} to {high}")]


def _draw_return(table: pd.DataFrame) -> matplotlib.figure.Figure:
    datasets, models = (list(table[name].unique()) for name in ("dataset", "model"))
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
            hollow = row["dataset"] != datasets[0]
            axes.plot(row[name], place, **plotting.network(row["model"], hollow=hollow))
        axes.set_title(f"Points per {label}")
        axes.set_xlim(left=0)
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="y", length=0)
    grid[0].set_yticks(
        range(len(kinds)), [f"{shown(model)}, {shown(optimizer)}" for model, optimizer in kinds]
    )
    grid[0].set_ylim(len(kinds) - 0.5, -0.5)
    second = shown(datasets[1]) if len(datasets) > 1 else None
    plotting.legend(figure, models, shown(datasets[0]), second)
    return figure
