"""How near each case comes to what its target allows, and what bounds it (Williams et al. 2009)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from gridpress.benchmark.records.cases import TargetLimits
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis import workloads
from gridpress.report.analysis.timed_cases import cases, of_machine, side_by_side
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import plotting, style
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import percent, shown
from gridpress.report.presentation.tables import Column, leading, table
from gridpress.report.sections.hardware.wording import giga, load

ACROSS = 2  # panels side by side
PHASES = ("training", "inference")
LEADING = ["target", "model", "batch_size"]
VALUES = ["rate", "share", "bound_by"]


def rooflines(study: Study) -> Iterator[Item]:
    """Per machine a roofline of every target, and its numbers."""
    everything = cases(study)
    for record in study.hardware.values():
        here = of_machine(everything, record)
        if not here.empty:
            yield _figure(study, record, here)
            yield _table(study, record, here)


def by_target(record: HardwareRecord, here: pd.DataFrame) -> pd.DataFrame:
    """A row per target, network and batch size; columns `rate SGD`, `share SGD` and so on."""
    order = {target: place for place, target in enumerate(workloads.measured(record))}
    wide = side_by_side(here[[*LEADING, "work", *VALUES]], LEADING, "work")
    return wide.sort_values("target", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def _figure(study: Study, record: HardwareRecord, here: pd.DataFrame) -> Item:
    limits = {entry.name: entry.limits for entry in record.targets if entry.limits is not None}
    ranked = rows_of(here.sort_values("share", kind="stable"))
    return Figure(
        name=slug("roofline", record.name),
        caption=(
            f"`{record.name}`: FLOP/s of every case against its FLOPs per byte, below the ceilings measured "
            "on its target: memory bandwidth (slope), and the faster of a matrix product and a convolution "
            "(line). Two FLOPs per multiply-add; bytes are those that each operation by itself reads and "
            f"writes. A third limit, the overhead of each operation, has no line here.{load(record)}"
        ),
        alt=(
            f"Roofline plots for {record.name}, {len(limits)} targets. Nearest to its limit: "
            f"{_words(ranked[-1])}. Furthest from it: {_words(ranked[0])}. "
            f"Cases by their limit: {bounds_in_words(here)}."
        ),
        data=here[
            ["target", "work", "model", "batch_size", "intensity", "rate", "attainable", "share", "bound_by"]
        ],
        sources=[study.source("hardware", record.name)],
        draw=partial(_draw, here, limits),
    )


def _words(row: dict[str, object]) -> str:
    return f"{percent(float(str(row['share'])), 0)} % ({shown(row['model'])}, {row['work']}, {row['target']})"


def _table(study: Study, record: HardwareRecord, here: pd.DataFrame) -> Item:
    kinds = list(here["work"].unique())
    batch = [Column(title="Batch", of="batch_size")] if workloads.several_batches(record) else []
    return table(
        slug("roofline", record.name),
        (
            f"`{record.name}`: rate of every case, its share of what its target allows, and what bounds it: "
            "*compute* (FLOPs at the peak rate), *memory* (bytes at full bandwidth) or *overhead* "
            "(operations, each at its least time), whichever takes longest. Caches may carry a share above "
            f"100 %.{load(record)}"
        ),
        by_target(record, here),
        [
            leading("Target", "target", str),
            leading("Network", "model"),
            *batch,
            *(column for kind in kinds for column in _columns(kind)),
        ],
        [study.source("hardware", record.name)],
        wide=len(kinds) * len(VALUES) + len(batch) > 4,
    )


def _columns(kind: str) -> Sequence[Column]:
    group = kind.capitalize() if kind == workloads.INFERENCE else kind
    return (
        Column(title="GFLOP/s", of=f"rate {kind}", format=giga, group=group),
        Column(title="Share (%)", of=f"share {kind}", format=lambda share: percent(share, 0), group=group),
        Column(title="Bound by", of=f"bound_by {kind}", format=str, group=group),
    )


def _draw(here: pd.DataFrame, limits: dict[str, TargetLimits]) -> matplotlib.figure.Figure:
    """A panel per target."""
    looks = plotting.kinds(PHASES)
    across = min(ACROSS, len(limits))
    down = -(-len(limits) // across)
    figure, grid = plt.subplots(
        down, across, figsize=(style.TEXT_WIDTH, 0.6 + 2.2 * down), sharex=True, sharey=True, squeeze=False
    )
    ridges = [entry.ridge for entry in limits.values()]
    span_x = (
        min(here["intensity"].min(), *ridges) / 16,
        max(here["intensity"].max(), *ridges) * 5,
    )
    peaks = [entry.peak for entry in limits.values()]
    floor = min(here["rate"].min(), *(e.bandwidth_bytes_per_second * span_x[0] for e in limits.values()))
    for axes, (name, entry) in zip(grid.flat, limits.items(), strict=False):
        axes.set(xscale="log", yscale="log", xlim=span_x, ylim=(floor / 4, max(peaks) * 4))
        _ceilings(axes, entry)
        part = here[here["target"] == name]
        for row in rows_of(part):
            axes.plot(
                row["intensity"],
                row["rate"],
                **(plotting.network(row["model"]) | looks[row["phase"]]),
                zorder=3,
            )
        axes.set_title(name)
        axes.text(
            0.98,
            0.03,
            bounds_in_words(part),
            transform=axes.transAxes,
            ha="right",
            size=style.SMALL_SIZE,
            color=style.SOFT,
        )
        axes.grid(visible=True)
    for axes in grid.flat[len(limits) :]:
        axes.set_visible(False)
    figure.supxlabel("FLOPs per byte read or written", fontsize=style.FONT_SIZE)
    figure.supylabel("FLOP/s", fontsize=style.FONT_SIZE)
    phases = {name: look for name, look in looks.items() if name in set(here["phase"])}
    plotting.legend(figure, here["model"].unique(), phases)
    return figure


def _ceilings(axes: Axes, limits: TargetLimits) -> None:
    left, right = axes.get_xlim()
    x = np.array([left, limits.ridge, right])
    axes.plot(x, np.minimum(x * limits.bandwidth_bytes_per_second, limits.peak), color=style.INK, lw=1.2)
    axes.annotate(
        plotting.scaled(limits.peak, "FLOP/s"),
        (right, limits.peak),
        (-2, 3),
        textcoords="offset points",
        ha="right",
        size=style.SMALL_SIZE,
    )
    axes.annotate(
        plotting.scaled(limits.bandwidth_bytes_per_second, "B/s"),
        (limits.ridge / 3, limits.peak / 3),
        (-3, 2),
        textcoords="offset points",
        ha="right",
        size=style.SMALL_SIZE,
    )


def bounds_in_words(cases: pd.DataFrame) -> str:
    """Cases by what bounds them: `compute-bound 30, memory-bound 6`."""
    return ", ".join(f"{bound}-bound {number}" for bound, number in cases["bound_by"].value_counts().items())
