"""One figure per machine: accuracy, time, FLOPs and speedup at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, plotting, style
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import listed, percent, shown
from gridpress.report.sections.hardware import workloads
from gridpress.report.sections.hardware.accuracy import Trained, sources, trained
from gridpress.report.sections.hardware.speedups import ratios
from gridpress.report.sections.hardware.workloads import code, load


def items(study: Study) -> Iterator[Item]:
    """Nothing where no machine was measured; training steps of the first batch size only."""
    table, networks = workloads.cases(study), trained(study)
    for machine, record in study.hardware.items():
        batch = record.settings.batch_sizes[0]
        here = table[
            (table["machine"] == machine) & (table["phase"] == "training") & (table["batch_size"] == batch)
        ]
        known = [
            entry
            for entry in networks
            if entry.model in record.settings.models and entry.optimizer in record.settings.optimizers
        ]
        if here.empty:
            continue
        compared = ratios(record)
        compared = compared[(compared["work"] != workloads.INFERENCE) & (compared["batch_size"] == batch)]
        accuracies = [
            {"dataset": e.dataset, "model": e.model, "work": shown(e.optimizer), "accuracy": e.accuracy}
            for e in known
        ]
        yield Figure(
            name=slug("dashboard", machine),
            caption=(
                f"`{machine}` at a glance, training steps of {batch} images of {record.settings.image_size} pixels. "
                f"Accuracy: test images, networks of this study at {study.params.train.image_size} pixels, with "
                "intervals. Time: median of a step, with its interval. FLOPs: one image's forward pass, one per "
                f"multiply-add (fvcore). Speedup: over `{workloads.reference(record)}`, with intervals; left of the line "
                f"is slower.{_best_cpu(record, compared)}{load(record)}"
            ),
            alt=_alt(machine, here, known, compared),
            data=pd.concat(
                [
                    here[["target", "work", "model", "seconds", "seconds_low", "seconds_high", "flops"]],
                    compared.drop(columns=["batch_size", "distinguishable"]),
                    pd.DataFrame(accuracies),
                ],
                ignore_index=True,
            ),
            sources=[study.source("hardware", machine), *sources(study, known)],
            draw=partial(_draw, record, here, known, compared),
        )


def _best_cpu(record: HardwareRecord, compared: pd.DataFrame) -> str:
    fast = workloads.accelerators(record)
    best = compared.loc[compared["target"].isin(fast), "baseline"].unique()
    return f" That of {code(fast)} is over the best CPU target, {code(best)}." if len(best) else ""


def _alt(machine: str, here: pd.DataFrame, known: Sequence[Trained], compared: pd.DataFrame) -> str:
    ranked = rows_of(here.sort_values("seconds", kind="stable"))
    quick, slow = (
        f"{workloads.milliseconds(row['seconds'])} ms ({shown(row['model'])} with {row['work']} on {row['target']})"
        for row in (ranked[0], ranked[-1])
    )
    parts = [f"Four panels for {machine}. The shortest training step takes {quick}, the longest {slow}."]
    if known:
        best = max(known, key=lambda entry: entry.accuracy)
        parts.append(
            f"The most accurate network is {shown(best.model)} with {shown(best.optimizer)} on "
            f"{shown(best.dataset)}, {percent(best.accuracy)} %."
        )
    if not compared.empty:
        row = rows_of(compared.sort_values("speedup", kind="stable"))[-1]
        parts.append(
            f"The largest speedup is {row['speedup']:.2f} times, {row['target']} over {row['baseline']}."
        )
    return " ".join(parts)


@dataclass(frozen=True)
class Shared:
    """What the panels share: rows by target, colours by network, hollow marks for all optimizers but the first."""

    targets: list[str]
    models: list[str]
    optimizers: list[str]

    def dodge(self, model: str, optimizer: str) -> float:
        """Where a network with an optimizer lies in its row."""
        place = self.models.index(model) * len(self.optimizers) + self.optimizers.index(optimizer)
        return plotting.dodge(place, len(self.models) * len(self.optimizers))

    def point(
        self, axes: Axes, row: float, model: str, optimizer: str, ends: tuple[float, float, float]
    ) -> None:
        """A value with the ends of its interval."""
        place = row + self.dodge(model, optimizer)
        axes.hlines(place, ends[1], ends[2], color=encoding.colour(model), lw=0.9)
        axes.plot(ends[0], place, **plotting.network(model, hollow=optimizer != self.optimizers[0]))


def _draw(
    record: HardwareRecord, here: pd.DataFrame, known: Sequence[Trained], compared: pd.DataFrame
) -> matplotlib.figure.Figure:
    absent = workloads.absent(record)
    shared = Shared(
        workloads.measured(record), list(record.settings.models), list(map(shown, record.settings.optimizers))
    )
    height = max(1.5, 0.32 * (len(shared.targets) + len(absent)))
    figure, grid = plt.subplots(2, 2, figsize=(style.TEXT_WIDTH, 2 * height + 1.5))
    _accuracy(grid[0, 0], known, shared)
    _flops(grid[1, 0], here, shared)
    _times(grid[0, 1], here, shared)
    _speedups(grid[1, 1], compared, shared)
    plotting.target_rows(grid[0, 1], shared.targets, absent)
    plotting.target_rows(grid[1, 1], shared.targets, absent, ahead=workloads.accelerators(record))
    second = listed(shared.optimizers[1:]) if len(shared.optimizers) > 1 else None
    plotting.legend(figure, shared.models, shared.optimizers[0], second)
    return figure


def _accuracy(axes: Axes, known: Sequence[Trained], shared: Shared) -> None:
    axes.set_title("Test accuracy (%)")
    datasets = list(dict.fromkeys(entry.dataset for entry in known))
    if not datasets:
        axes.text(0.5, 0.5, "nothing was trained", transform=axes.transAxes, ha="center", color=style.SOFT)
        axes.set_axis_off()
        return
    for entry in known:
        ends = (100 * entry.accuracy, 100 * entry.interval.low, 100 * entry.interval.high)
        shared.point(axes, datasets.index(entry.dataset), entry.model, shown(entry.optimizer), ends)
    axes.set_yticks(range(len(datasets)), [shown(name) for name in datasets])
    axes.set_ylim(len(datasets) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")


def _flops(axes: Axes, here: pd.DataFrame, shared: Shared) -> None:
    flops = {row["model"]: row["flops"] / 1e6 for row in rows_of(here)}
    for row, model in enumerate(shared.models):
        axes.barh(row, flops[model], height=0.55, color=encoding.colour(model))
        axes.text(flops[model], row, f" {flops[model]:.1f}", va="center", size=style.SMALL_SIZE)
    axes.set_yticks(range(len(shared.models)), [shown(model) for model in shared.models])
    axes.set_ylim(len(shared.models) - 0.5, -0.5)
    axes.set_xlim(0, 1.25 * max(flops.values()))
    axes.tick_params(axis="y", length=0)
    axes.set_title("MFLOPs of an image's forward pass")


def _times(axes: Axes, here: pd.DataFrame, shared: Shared) -> None:
    for row in rows_of(here):
        ends = (1000 * row["seconds"], 1000 * row["seconds_low"], 1000 * row["seconds_high"])
        shared.point(axes, shared.targets.index(row["target"]), row["model"], row["work"], ends)
    axes.set_title("Time of a training step (ms)")
    axes.set_xscale("log")
    plotting.plain_ticks(axes.xaxis)
    axes.grid(visible=True, axis="x")


def _speedups(axes: Axes, compared: pd.DataFrame, shared: Shared) -> None:
    axes.set_title("Speedup of a training step (times)")
    axes.set_xscale("log")
    for row in rows_of(compared):
        ends = (row["speedup"], row["low"], row["high"])
        shared.point(axes, shared.targets.index(row["target"]), row["model"], row["work"], ends)
    for target in set(shared.targets) - set(compared["target"]):
        plotting.note(axes, shared.targets.index(target), "reference")
    low, high = compared["low"].min(), compared["high"].max()
    axes.set_xlim(min(0.87, low / 1.15), max(1.15, high * 1.15))  # NaN of an empty table loses
    axes.axvline(1, color=style.INK, lw=0.8)
    plotting.plain_ticks(axes.xaxis)
    axes.grid(visible=True, axis="x")
