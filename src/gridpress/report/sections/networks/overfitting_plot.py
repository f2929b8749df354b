"""The gap between training and validation accuracy over the epochs."""

from __future__ import annotations

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.ticker import MaxNLocator

from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, style
from gridpress.report.presentation.names import shown


def draw(study: Study, history: pd.DataFrame) -> matplotlib.figure.Figure:
    """A panel per dataset and network, a line per run.

    Args:
        study: its datasets and networks.
        history: columns key, dataset, model, optimizer, epoch, gap (a share).
    """
    datasets, models = study.datasets, study.params.train.grid.model
    figure, grid = plt.subplots(
        len(datasets),
        len(models),
        figsize=(style.TEXT_WIDTH, 0.6 + 1.5 * len(datasets)),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    for row, dataset in enumerate(datasets):
        for place, model in enumerate(models):
            axes = grid[row, place]
            here = history[(history["dataset"] == dataset) & (history["model"] == model)]
            for _, run in here.groupby("key", sort=False):
                dash = style.DASHES[encoding.OPTIMIZERS.index(run["optimizer"].iloc[0])]
                axes.plot(
                    run["epoch"],
                    100 * run["gap"],
                    dash,
                    color=encoding.colour(model),
                    lw=1,
                    marker="o",
                    ms=2.5,
                )
            axes.axhline(0, color=style.SOFT, lw=0.8)
            axes.set_title(f"{study.title(dataset)}, {shown(model)}", fontsize=style.SMALL_SIZE)
            axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
            axes.grid(visible=True, axis="y")
    figure.supxlabel("Epoch", fontsize=style.FONT_SIZE)
    figure.supylabel("Gap (points)", fontsize=style.FONT_SIZE)
    return figure
