"""Each machine's fastest target for the same workloads."""

from __future__ import annotations

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.report.analysis import workloads
from gridpress.report.data.frames import rows_of
from gridpress.report.presentation import plotting, style


def draw(table: pd.DataFrame) -> matplotlib.figure.Figure:
    """A panel per kind of work, a row per machine; `table` as `machine_comparison.at_their_best` makes it."""
    kinds, machines, models = (list(table[name].unique()) for name in ("work", "machine", "model"))
    figure, grid = plt.subplots(
        1,
        len(kinds),
        figsize=(style.TEXT_WIDTH, 1.2 + 0.2 * len(machines) * len(models)),
        sharex=True,
        squeeze=False,
    )
    for axes, kind in zip(grid[0], kinds, strict=True):
        plotting.target_rows(axes, machines, [], labels=axes is grid[0, 0])
        axes.set(xscale="log", title="Inference" if kind == workloads.INFERENCE else f"{kind} steps")
        for row in rows_of(table[table["work"] == kind]):
            place = machines.index(row["machine"]) + plotting.dodge(models.index(row["model"]), len(models))
            axes.hlines(place, 1000 * row["low"], 1000 * row["high"], color=style.INK, lw=0.8)
            axes.plot(1000 * row["seconds"], place, **plotting.network(row["model"]))
        axes.grid(visible=True, axis="x")
    for axes in grid[0]:
        plotting.plain_ticks(axes.xaxis)
    figure.supxlabel("Time of a step (ms)", fontsize=style.FONT_SIZE)
    plotting.legend(figure, models)
    return figure
