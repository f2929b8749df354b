"""Accuracy gained per second and per FLOP of training, by network, optimizer and dataset."""

from __future__ import annotations

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.config.declared import Datasets
from gridpress.report.data.frames import rows_of
from gridpress.report.presentation import encoding, plotting, style
from gridpress.report.presentation.names import shown


def draw(table: pd.DataFrame, declared: Datasets) -> matplotlib.figure.Figure:
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
