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
from gridpress.report.analysis import workloads
from gridpress.report.analysis.timed_cases import cases, of_machine
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, plotting, style
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import percent, shown
from gridpress.report.sections.hardware.accuracy import Trained, sources, trained
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
        draw=partial(_draw, study, record, here, known, compared),
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


@dataclass(frozen=True)
class PanelLayout:
    """What the panels share: rows by target, colours by network, fill or marker by optimizer."""

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
        axes.plot(ends[0], place, **(plotting.network(model) | plotting.kinds(self.optimizers)[optimizer]))


def _draw(
    study: Study, record: HardwareRecord, here: pd.DataFrame, known: Sequence[Trained], compared: pd.DataFrame
) -> matplotlib.figure.Figure:
    """Accuracy and times above, FLOPs and speedups below; times and speedups by target."""
    absent = list(workloads.absent(record))
    layout = PanelLayout(
        workloads.measured(record), list(record.settings.models), list(map(shown, record.settings.optimizers))
    )
    height = max(1.5, 0.32 * (len(layout.targets) + len(absent)))
    figure, grid = plt.subplots(2, 2, figsize=(style.TEXT_WIDTH, 2 * height + 1.5))
    _accuracy(study, grid[0, 0], known, layout)
    _flops(grid[1, 0], here, layout)
    _times(grid[0, 1], here, layout)
    _speedups(grid[1, 1], compared, layout)
    plotting.target_rows(grid[0, 1], layout.targets, absent)
    plotting.target_rows(grid[1, 1], layout.targets, absent, ahead=workloads.accelerators(record))
    plotting.legend(figure, layout.models, plotting.kinds(layout.optimizers))
    return figure


def _accuracy(study: Study, axes: Axes, known: Sequence[Trained], layout: PanelLayout) -> None:
    axes.set_title("Test accuracy (%)")
    datasets = list(dict.fromkeys(entry.dataset for entry in known))
    if not datasets:
        axes.text(0.5, 0.5, "nothing was trained", transform=axes.transAxes, ha="center", color=style.SOFT)
        axes.set_axis_off()
        return
    for entry in known:
        ends = (100 * entry.accuracy, 100 * entry.interval.low, 100 * entry.interval.high)
        layout.point(axes, datasets.index(entry.dataset), entry.model, shown(entry.optimizer), ends)
    axes.set_yticks(range(len(datasets)), [study.title(name) for name in datasets])
    axes.set_ylim(len(datasets) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=True, axis="x")


def _flops(axes: Axes, here: pd.DataFrame, layout: PanelLayout) -> None:
    flops = {row["model"]: row["flops"] / 1e6 for row in rows_of(here)}
    for row, model in enumerate(layout.models):
        axes.barh(row, flops[model], height=0.55, color=encoding.colour(model))
        axes.text(flops[model], row, f" {flops[model]:.1f}", va="center", size=style.SMALL_SIZE)
    axes.set_yticks(range(len(layout.models)), [shown(model) for model in layout.models])
    axes.set_ylim(len(layout.models) - 0.5, -0.5)
    axes.set_xlim(0, 1.25 * max(flops.values()))
    axes.tick_params(axis="y", length=0)
    axes.set_title("MFLOPs of an image's forward pass")


def _times(axes: Axes, here: pd.DataFrame, layout: PanelLayout) -> None:
    for row in rows_of(here):
        ends = (1000 * row["seconds"], 1000 * row["seconds_low"], 1000 * row["seconds_high"])
        layout.point(axes, layout.targets.index(row["target"]), row["model"], row["work"], ends)
    axes.set_title("Time of a training step (ms)")
    axes.set_xscale("log")
    plotting.plain_ticks(axes.xaxis)
    axes.grid(visible=True, axis="x")


def _speedups(axes: Axes, compared: pd.DataFrame, layout: PanelLayout) -> None:
    axes.set_title("Speedup of a training step (times)")
    axes.set_xscale("log")
    for row in rows_of(compared):
        ends = (row["speedup"], row["low"], row["high"])
        layout.point(axes, layout.targets.index(row["target"]), row["model"], row["work"], ends)
    for target in set(layout.targets) - set(compared["target"]):
        plotting.note(axes, layout.targets.index(target), "reference")
    low, high = compared["low"].min(), compared["high"].max()
    axes.set_xlim(min(0.87, low / 1.15), max(1.15, high * 1.15))  # NaN of an empty table loses
    axes.axvline(1, color=style.INK, lw=0.8)
    plotting.plain_ticks(axes.xaxis)
    axes.grid(visible=True, axis="x")
