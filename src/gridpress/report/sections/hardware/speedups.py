"""How much faster each target is than the reference, an accelerator than the CPU at its best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis import workloads
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, plotting, style
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import shown
from gridpress.report.sections.hardware.wording import code, load

LABEL_ROOM = 1.6  # of the axis beyond the longest bar, as a factor, for the value
COLUMNS = ("target", "work", "model", "batch_size", "baseline", "speedup", "low", "high", "distinguishable")


def ratios(record: HardwareRecord) -> pd.DataFrame:
    """One row per comparison that is drawn, with its interval.

    A CPU target is compared with the machine's reference, an accelerator with the CPU target that is
    fastest for the same workload.
    """
    rows = []
    for workload in workloads.workloads(record):
        for target in workloads.measured(record):
            ahead = target in workloads.accelerators(record)
            baseline = workloads.tuned(record, workload) if ahead else workloads.reference(record)
            ratio = workloads.speedup(record, workload, target, baseline)
            if ratio is not None:
                names = (target, workload.kind, workload.model, workload.batch_size, baseline)
                rows.append((*names, ratio.value, ratio.low, ratio.high, ratio.excludes(1)))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def speedup_figures(study: Study) -> Iterator[Item]:
    """One figure per machine and batch size; none where there is nothing to compare."""
    for machine, record in study.hardware.items():
        for batch, here in ratios(record).groupby("batch_size", sort=False):
            yield Figure(
                name=figure_name(record, int(str(batch))),
                caption=_caption(record, here, int(str(batch))),
                alt=_alt(machine, here),
                data=here,
                sources=[study.source("hardware", machine)],
                draw=partial(_draw, here, list(workloads.absent(record)), workloads.accelerators(record)),
            )


def figure_name(record: HardwareRecord, batch: int) -> str:
    """The name of the figure with the speedups of a machine at a batch size."""
    return slug("speedup", record.name, *([batch] if workloads.several_batches(record) else []))


def _caption(record: HardwareRecord, here: pd.DataFrame, batch: int) -> str:
    size = f", batch size {batch}" if workloads.several_batches(record) else ""
    fast, missing = workloads.accelerators(record), workloads.absent(record)
    ahead = here["target"].isin(fast)
    compared = []
    if not ahead.all():
        compared.append(f"over {code(here.loc[~ahead, 'baseline'].unique())}")
    if ahead.any():
        best = code(here.loc[ahead, "baseline"].unique())
        compared.append(f"of {code(fast)} over the best CPU target ({best})")
    rest = f" Not measured here: {code(missing)}." if missing else ""
    return (
        f"`{record.name}`{size}: speedup {' and '.join(compared)}, with 95 % intervals of the ratio of "
        "medians; left of the line a target is slower. Hollow bars with *n.d.*: not distinguishable, as "
        f"the interval contains 1.{rest}{load(record)}"
    )


def _alt(machine: str, here: pd.DataFrame) -> str:
    ranked = rows_of(here.sort_values("speedup", kind="stable"))
    open_ones = int((~here["distinguishable"].astype(bool)).sum())
    return (
        f"Bar chart of speedups on {machine}. Largest: {_words(ranked[-1])}. Smallest: {_words(ranked[0])}. "
        f"{open_ones} of {len(ranked)} are not distinguishable from 1."
    )


def _words(row: Mapping[str, Any]) -> str:
    verdict = "" if row["distinguishable"] else ", not distinguishable"
    return f"{row['speedup']:.2f} times ({shown(row['model'])}, {row['work']}, {row['target']}{verdict})"


def _draw(table: pd.DataFrame, absent: Sequence[str], ahead: Sequence[str]) -> matplotlib.figure.Figure:
    """A panel per kind of work, a row per target; `table` is that of `speedups.ratios`."""
    kinds, targets = (list(table[name].unique()) for name in ("work", "target"))
    models = list(table["model"].unique())
    rows = len(targets) * len(models) + len(absent)
    figure, grid = plt.subplots(
        1,
        len(kinds),
        figsize=(style.TEXT_WIDTH, min(style.PAGE_HEIGHT, 1.1 + 0.19 * rows + 0.12 * len(targets))),
        sharex=True,
        squeeze=False,
    )
    high, low = float(table["high"].max()), float(table["low"].min())
    for axes, kind in zip(grid[0], kinds, strict=True):
        axes.set_xscale("log")
        axes.set_xlim(min(low, 1) / 1.15, max(high, 1) * LABEL_ROOM)
        plotting.target_rows(axes, targets, absent, labels=axes is grid[0, 0], ahead=ahead)
        for row in rows_of(table[table["work"] == kind]):
            place = targets.index(row["target"]) + plotting.dodge(
                models.index(row["model"]), len(models), 0.86
            )
            _bar(axes, row, place, 0.7 / len(models))
        axes.axvline(1, color=style.INK, lw=0.8)
        axes.set_title("Inference" if kind == workloads.INFERENCE else f"{kind} steps")
        plotting.plain_ticks(axes.xaxis)
        axes.grid(visible=True, axis="x")
    figure.supxlabel("Speedup (times)", fontsize=style.FONT_SIZE)
    plotting.legend(figure, models)
    return figure


def _bar(axes: Axes, row: Mapping[str, Any], place: float, height: float) -> None:
    distinguishable, colour = bool(row["distinguishable"]), encoding.colour(row["model"])
    axes.barh(
        place,
        row["speedup"] - 1,
        left=1,
        height=height,
        color=colour if distinguishable else "white",
        edgecolor=colour,
        linewidth=0.8,
    )
    axes.hlines(place, row["low"], row["high"], color=style.INK, lw=0.9)
    mark = plotting.network(row["model"]) | {"markersize": 5}
    axes.plot(
        row["speedup"],
        place,
        **(mark | ({"markeredgecolor": "white"} if distinguishable else plotting.HOLLOW)),
    )
    axes.annotate(
        f"{row['speedup']:.2f}" if distinguishable else "n.d.",
        (max(row["high"], 1), place),
        (3, 0),
        textcoords="offset points",
        va="center",
        size=style.SMALL_SIZE - 1,
        color=style.INK if distinguishable else style.SOFT,
    )
