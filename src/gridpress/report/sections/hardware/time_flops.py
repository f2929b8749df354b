"""Time of a step against its FLOPs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis import workloads
from gridpress.report.analysis.timed_cases import cases, of_machine
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import plotting, style
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import shown
from gridpress.report.presentation.plotting import scaled
from gridpress.report.sections.hardware.wording import load


def time_against_flops(study: Study) -> Iterator[Item]:
    """Per machine; a line joins the networks on one target."""
    everything = cases(study)
    for record in study.hardware.values():
        here = first_of_each_phase(of_machine(everything, record), record)
        if here["model"].nunique() < 2:
            continue
        yield Figure(
            name=slug("time-flops", record.name),
            caption=(
                f"`{record.name}`: median time of a step of {record.settings.batch_sizes[0]} images against "
                "its FLOPs (two per multiply-add, backward pass counted), a line per target. Grey lines "
                "mark equal FLOP/s: where a target's line is flatter, the larger network uses it "
                f"better.{load(record)}"
            ),
            alt=f"Line plots of time against FLOPs on {record.name}. {_alt(here)}",
            data=here[["target", "work", "model", "step_flops", "seconds", "seconds_low", "seconds_high"]],
            sources=[study.source("hardware", record.name)],
            draw=partial(_draw, here, list(here["work"].unique()), workloads.measured(record)),
        )


def first_of_each_phase(here: pd.DataFrame, record: HardwareRecord) -> pd.DataFrame:
    """Training with the first optimizer and inference, of the first batch size."""
    here = here[here["batch_size"] == record.settings.batch_sizes[0]]
    kinds = here["work"].unique()
    return here[here["work"].isin([*kinds[:1], workloads.INFERENCE])]


def _alt(here: pd.DataFrame) -> str:
    rates = here.assign(rate=here["step_flops"] / here["seconds"]).sort_values("rate", kind="stable")
    ends = [rows_of(rates)[place] for place in (-1, 0)]
    words = [
        f"{scaled(row['rate'], 'FLOP/s')} ({shown(row['model'])}, {row['work']}, {row['target']})"
        for row in ends
    ]
    return f"Most FLOPs per second: {words[0]}. Fewest: {words[1]}."


def _draw(here: pd.DataFrame, kinds: Sequence[str], targets: Sequence[str]) -> matplotlib.figure.Figure:
    """A panel per kind of work; rows of `timed_cases.cases`."""
    figure, grid = plt.subplots(1, len(kinds), figsize=(style.TEXT_WIDTH, 3.0), squeeze=False)
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
