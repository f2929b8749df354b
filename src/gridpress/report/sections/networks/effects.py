"""The table of the effects of settings, and their picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.report.analysis.effects import AxisEffect, axis_effects
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import style
from gridpress.report.presentation.items import Figure, Item
from gridpress.report.presentation.names import AXIS_TITLES, p_value, points
from gridpress.report.presentation.tables import Column, interval, leading, table, words

ROW_HEIGHT = 0.28  # inches
VERDICTS = {True: "distinguishable", False: "not distinguishable"}


def effects_of_settings(study: Study) -> Iterator[Item]:
    """The table of effects, and its picture."""
    found = axis_effects(study)
    if not found:
        return
    data = _frame(found)
    sources = study.sources("train", study.configurations["keys"])
    yield _table(study, data, sources)
    largest = max(found, key=lambda entry: abs(entry.result.difference))
    yield Figure(
        name="effects",
        caption=(
            "The effects of @tbl-effects with their intervals. Filled: distinguishable from no effect; "
            "open: not distinguishable."
        ),
        alt=(
            f"Dot plot of paired differences. The largest: {largest.contrast} on "
            f"{study.title(largest.dataset)} changes test accuracy by "
            f"{points(largest.result.difference)} points."
        ),
        data=data,
        sources=sources,
        draw=partial(_draw, data, study.title),
    )


def _frame(found: Sequence[AxisEffect]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "dataset": entry.dataset,
                "axis": entry.axis,
                "first": entry.first,
                "second": entry.second,
                "contrast": entry.contrast,
                "difference": entry.result.difference,
                "low": entry.result.interval.low,
                "high": entry.result.interval.high,
                "pairs": entry.result.pairs,
                "rising": entry.result.rising,
                "p": entry.adjusted_p,
                "seeds": entry.result.seeds,
                "distinguishable": entry.distinguishable,
            }
            for entry in found
        ]
    )


def _table(study: Study, data: pd.DataFrame, sources: Sequence[str]) -> Item:
    seeds = len(study.params.train.grid.seed)
    over = f"the pairs and the {seeds} seeds" if seeds > 1 else "the pairs"
    noise = (
        "Pairs and seeds are both samples: the variances of their means are added, with Satterthwaite's "
        "degrees of freedom."
        if seeds > 1
        else "With one seed these are differences of single runs: seed noise is not measured."
    )
    return table(
        "effects",
        (
            "Effect of each setting on test accuracy in points, over matched pairs of configurations that "
            f"differ in it alone, with 95 % t intervals over {over}. Rises: in how many of the pairs it "
            "does; an average can hide that a setting helps some configurations and harms others. p: t test, "
            f"Holm-corrected over this table; the intervals are not corrected. {noise}"
        ),
        data,
        [
            leading("Dataset", "dataset", study.title),
            leading("Setting", "axis", AXIS_TITLES.__getitem__),
            leading("Change", "contrast"),
            Column(title="Difference", of="difference", format=points),
            interval("low", "high", format=points),
            Column(title="Rises", of=("rising", "pairs"), format="{} of {}".format),
            Column(title="p", of="p", format=p_value),
            words("Verdict", "distinguishable", VERDICTS.__getitem__),
        ],
        sources,
        wide=True,
    )


def _draw(data: pd.DataFrame, title: Callable[[str], str]) -> matplotlib.figure.Figure:
    """A panel per dataset, a row per setting and change.

    Args:
        data: columns dataset, axis, contrast, difference, low, high (shares, NaN where not known) and
            distinguishable.
        title: of a dataset.
    """
    placed = data.assign(label=data["axis"].map(AXIS_TITLES) + ": " + data["contrast"])
    labels, datasets = list(placed["label"].unique()), list(placed["dataset"].unique())
    figure, grid = plt.subplots(
        1,
        len(datasets),
        figsize=(style.TEXT_WIDTH, 0.9 + ROW_HEIGHT * len(labels)),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    for axes, dataset in zip(grid[0], datasets, strict=True):
        for effect in rows_of(placed[placed["dataset"] == dataset]):
            row = labels.index(effect["label"])
            axes.plot([100 * effect["low"], 100 * effect["high"]], [row, row], color=style.INK, lw=1.2)
            fill = style.INK if effect["distinguishable"] else "white"
            axes.plot(100 * effect["difference"], row, "o", color=style.INK, mfc=fill, ms=5)
        axes.axvline(0, color=style.SOFT, lw=0.8)
        axes.set_title(title(dataset))
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="y", length=0)
    grid[0, 0].set_yticks(range(len(labels)), labels)
    grid[0, 0].set_ylim(len(labels) - 0.5, -0.5)
    figure.supxlabel("Difference in test accuracy (points)", fontsize=style.FONT_SIZE)
    return figure
