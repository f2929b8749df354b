"""What each setting does to the test accuracy: paired differences over matched configurations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from gridpress.report.data.study import Study
from gridpress.report.presentation import style
from gridpress.report.presentation.items import Figure, Item, Table, column, merged, number
from gridpress.report.presentation.markup import Cell, Header
from gridpress.report.presentation.names import AXIS_TITLES, p_value, points, shown
from gridpress.stats.effects import Effect, effect
from gridpress.stats.intervals import ALPHA
from gridpress.stats.multiple_comparisons import holm
from gridpress.study.grid import CONFIGURATION

PANEL_ROW = 0.28  # inches

VERDICTS = {True: "distinguishable", False: "not distinguishable"}


@dataclass(frozen=True)
class AxisEffect:
    """Test accuracy at `second` minus that at `first` of an axis, everything else equal."""

    dataset: str
    axis: str
    first: object
    second: object
    result: Effect
    adjusted_p: float = 1.0  # by Holm, over all effects of the study

    @property
    def distinguishable(self) -> bool:
        return self.adjusted_p < ALPHA

    @property
    def move(self) -> str:
        """`from SGD to Adam`."""
        return f"from {shown(self.first)} to {shown(self.second)}"

    @property
    def words(self) -> str:
        """`Adam minus SGD`."""
        unit = {"epoch": " epochs", "batch_size": " images"}.get(self.axis, "")
        return f"{shown(self.second)} minus {shown(self.first)}{unit}"


def paired(
    runs: pd.DataFrame, axis: str, first: object, second: object, value: str = "test_accuracy"
) -> Effect | None:
    """Effect of moving along one axis, over all configurations measured at both values with all seeds.

    Args:
        runs: rows of `Study.runs`, of one milestone unless `axis` is `epoch`.
        axis: which setting moves.
        first: where from.
        second: where to.
        value: the column that is compared.
    """
    others = [name for name in [*CONFIGURATION, "epoch"] if name != axis]
    seeds = runs["seed"].unique()

    def square(at: object) -> pd.DataFrame:
        here = runs[runs[axis] == at].set_index([*others, "seed"])[value]
        return here.unstack("seed").reindex(columns=seeds)  # noqa: PD010  nothing is averaged

    differences = (square(second) - square(first)).dropna()
    return effect(differences.to_numpy().tolist())


def axis_effects(study: Study) -> list[AxisEffect]:
    """Per dataset and axis: every value against the first; epochs: every milestone against the first."""
    last = study.params.train.test_epochs[-1]
    grid = study.params.train.grid
    found = []
    for dataset in study.datasets:
        runs = study.runs[study.runs["dataset"] == dataset]
        moves = [(axis, list(getattr(grid, axis))) for axis in study.varied]
        moves.append(("epoch", list(study.params.train.test_epochs)))
        for axis, values in moves:
            part = runs if axis == "epoch" else runs[runs["epoch"] == last]
            for second in values[1:]:
                result = paired(part, axis, values[0], second)
                if result is not None:
                    found.append(AxisEffect(dataset, axis, values[0], second, result))
    adjusted = holm([entry.result.p_value for entry in found])
    return [replace(entry, adjusted_p=p) for entry, p in zip(found, adjusted, strict=True)]


def items(study: Study) -> Iterator[Item]:
    """The table of effects, and its picture."""
    found = axis_effects(study)
    if not found:
        return
    seeds = len(study.params.train.grid.seed)
    data = pd.DataFrame(
        [
            {
                "dataset": entry.dataset,
                "axis": entry.axis,
                "first": entry.first,
                "second": entry.second,
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
    sources = study.sources("train", study.configurations["keys"])
    over = f"the pairs and the {seeds} seeds" if seeds > 1 else "the pairs"
    noise = (
        " Pairs and seeds are both samples: the variances of their means are added, with Satterthwaite's degrees "
        "of freedom."
        if seeds > 1
        else " With one seed these are differences of single runs: seed noise is not measured."
    )
    yield Table(
        name="effects",
        caption=(
            "Effect of each setting on test accuracy in points, over matched pairs of configurations that differ "
            f"in it alone, with 95 % t intervals over {over}. Rises: in how many of the pairs it does; an average "
            "can hide that a setting helps some configurations and harms others. p: t test, corrected by Holm over "
            f"this table; the intervals are not corrected.{noise}"
        ),
        data=data,
        sources=sources,
        head=[
            [
                *map(Header, ("Dataset", "Setting", "Change")),
                *map(column, ("Difference", "95 % interval", "Rises", "p")),
                Header("Verdict"),
            ]
        ],
        body=[
            [
                *lead,
                number(points(entry.result.difference)),
                number(_interval(entry.result)),
                number(f"{entry.result.rising} of {entry.result.pairs}"),
                number(p_value(entry.adjusted_p)),
                Cell(VERDICTS[entry.distinguishable]),
            ]
            for lead, entry in zip(
                merged([(study.title(e.dataset), AXIS_TITLES[e.axis], e.words) for e in found]),
                found,
                strict=True,
            )
        ],
        wide=True,
    )
    largest = max(found, key=lambda entry: abs(entry.result.difference))
    yield Figure(
        name="effects",
        caption=(
            "The effects of @tbl-effects with their intervals. Filled: distinguishable from no effect; "
            "open: not distinguishable."
        ),
        alt=(
            f"Dot plot of paired differences. The largest: {largest.words} on {study.title(largest.dataset)} changes "
            f"test accuracy by {points(largest.result.difference)} points."
        ),
        data=data,
        sources=sources,
        draw=partial(_draw, study, study.datasets, found),
    )


def _interval(result: Effect) -> str:
    interval = result.interval
    return f"{points(interval.low)} to {points(interval.high)}" if interval.known else "–"


def _draw(study: Study, datasets: list[str], found: list[AxisEffect]) -> matplotlib.figure.Figure:
    labels = list(dict.fromkeys(f"{AXIS_TITLES[entry.axis]}: {entry.words}" for entry in found))
    figure, grid = plt.subplots(
        1,
        len(datasets),
        figsize=(style.TEXT_WIDTH, 0.9 + PANEL_ROW * len(labels)),
        sharex=True,
        sharey=True,
        squeeze=False,
    )
    for axes, dataset in zip(grid[0], datasets, strict=True):
        for entry in found:
            if entry.dataset == dataset:
                row = labels.index(f"{AXIS_TITLES[entry.axis]}: {entry.words}")
                _dot(axes, row, entry)
        axes.axvline(0, color=style.SOFT, lw=0.8)
        axes.set_title(study.title(dataset))
        axes.grid(visible=True, axis="x")
        axes.tick_params(axis="y", length=0)
    grid[0, 0].set_yticks(range(len(labels)), labels)
    grid[0, 0].set_ylim(len(labels) - 0.5, -0.5)
    figure.supxlabel("Difference in test accuracy (points)", fontsize=style.FONT_SIZE)
    return figure


def _dot(axes: Axes, row: int, entry: AxisEffect) -> None:
    result = entry.result
    low, high = (result.interval.low, result.interval.high) if result.interval.known else (np.nan, np.nan)
    axes.plot([100 * low, 100 * high], [row, row], color=style.INK, lw=1.2)
    fill = style.INK if entry.distinguishable else "white"
    axes.plot(100 * result.difference, row, "o", color=style.INK, mfc=fill, ms=5)
