"""Time of a step against its FLOPs, a line per target."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.report.analysis import workloads
from gridpress.report.data.frames import rows_of
from gridpress.report.presentation import plotting, style


def draw(here: pd.DataFrame, kinds: Sequence[str], targets: Sequence[str]) -> matplotlib.figure.Figure:
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
