"""Whether the selected classifiers are right as often as they are confident."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.evaluation.reliability import BINS, expected_calibration_error
from gridpress.families.networks import NETWORKS
from gridpress.families.registry import FAMILIES
from gridpress.report.analysis.best import Best, networks, of_family, overall
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, style
from gridpress.report.presentation.items import Figure, Item
from gridpress.report.presentation.names import percent

FEWEST = 10  # test images of a bin that is drawn; its accuracy is noise below


def reliability(study: Study) -> Iterator[Item]:
    """One figure of the chosen networks, and of the best of each other family; none without any."""
    shown = drawn(study)
    if not shown:
        return
    told = [f"{best.name} on {study.title(best.dataset)} {percent(error_of(best))} points" for best in shown]
    yield Figure(
        name="reliability",
        caption=(
            f"Reliability of what validation chose, on the test images: accuracy of the answers in each of "
            f"{BINS} bins of confidence (the probability that a classifier gives its answer). On the dotted "
            "line a classifier is as often right as it says; below it is overconfident. Bins with fewer than "
            f"{FEWEST} images are left out. In the legend: expected calibration error in points."
        ),
        alt=f"Reliability diagrams. Expected calibration errors: {'; '.join(told)}.",
        data=_data(shown),
        sources=[study.source(best.folder, best.key) for best in shown],
        draw=partial(_draw, study, shown),
    )


def drawn(study: Study) -> list[Best]:
    """Every chosen network, and the best of each other family, by dataset."""
    others = [
        best
        for family in FAMILIES
        if family is not NETWORKS
        for best in overall(of_family(study, family)).values()
    ]
    return sorted([*networks(study), *others], key=lambda best: study.datasets.index(best.dataset))


def error_of(best: Best) -> float:
    """Expected calibration error, a share."""
    return expected_calibration_error(best.test.reliability.bins)


def _data(shown: Sequence[Best]) -> pd.DataFrame:
    rows = [
        {
            "dataset": best.dataset,
            "name": best.name,
            "key": best.key,
            "bin": place,
            "images": images,
            "accuracy": correct / images if images else np.nan,
            "confidence": confidence if images else np.nan,
        }
        for best in shown
        for place, (images, correct, confidence) in enumerate(
            zip(*best.test.reliability.bins, strict=True), start=1
        )
    ]
    return pd.DataFrame(rows)


def _draw(study: Study, shown: Sequence[Best]) -> matplotlib.figure.Figure:
    datasets = list(dict.fromkeys(best.dataset for best in shown))
    figure, grid = plt.subplots(
        1, len(datasets), figsize=(style.TEXT_WIDTH, 3.3), sharex=True, sharey=True, squeeze=False
    )
    data = _data(shown)
    for axes, dataset in zip(grid[0], datasets, strict=True):
        axes.plot([0, 1], [0, 1], ":", color=style.SOFT, lw=1, zorder=1)
        for best in (entry for entry in shown if entry.dataset == dataset):
            points = data[(data["key"] == best.key) & (data["images"] >= FEWEST)]
            axes.plot(
                points["confidence"],
                points["accuracy"],
                marker=encoding.marker(best.classifier),
                color=encoding.colour(best.classifier),
                label=f"{best.name}: {percent(error_of(best))}",
                ms=4,
                lw=1.2,
            )
        axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", title=study.title(dataset))
        axes.grid(visible=True)
        axes.legend(loc="upper left", fontsize=style.FONT_SIZE - 1, handlelength=1.4)
    grid[0, 0].set_ylabel("Accuracy")
    figure.supxlabel("Confidence", fontsize=style.FONT_SIZE)
    return figure
