"""How near each case comes to what its target allows, and what bounds it (Williams et al. 2009)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.benchmark.records.targets import TargetLimits
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import plotting, style
from gridpress.report.presentation.items import Figure, Item, Table, column, merged, number, slug
from gridpress.report.presentation.markup import Header
from gridpress.report.presentation.names import percent, shown
from gridpress.report.sections.hardware import workloads
from gridpress.report.sections.hardware.workloads import load, scaled

REASONS = {"compute": "arithmetic", "memory": "memory", "overhead": "operations"}
ACROSS = 2  # panels side by side


def items(study: Study) -> Iterator[Item]:
    """Per machine a roofline of every target, and its numbers."""
    table = workloads.cases(study)
    for machine, record in study.hardware.items():
        here = table[table["machine"] == machine]
        if here.empty:
            continue
        limits = {entry.name: entry.limits for entry in record.targets if entry.limits is not None}
        yield _figure(study, record, here, limits)
        yield _table(study, record, here)


def _figure(
    study: Study, record: HardwareRecord, here: pd.DataFrame, limits: dict[str, TargetLimits]
) -> Item:
    ranked = rows_of(here.sort_values("share", kind="stable"))
    return Figure(
        name=slug("roofline", record.name),
        caption=(
            f"`{record.name}`: FLOP/s of every case against its FLOPs per byte, below the ceilings measured on its "
            "target: memory bandwidth (slope), the faster of a matrix product and a convolution (line). Two FLOPs "
            "per multiply-add; bytes are what each operation reads and writes by itself. The cost of each "
            f"operation is a third limit that has no line here.{load(record)}"
        ),
        alt=(
            f"Roofline plots for {record.name}, {len(limits)} targets. Nearest to its limit: {_words(ranked[-1])}. "
            f"Furthest from it: {_words(ranked[0])}. {_bounds(here)}"
        ),
        data=here[
            ["target", "work", "model", "batch_size", "intensity", "rate", "attainable", "share", "bound_by"]
        ],
        sources=[study.source("hardware", record.name)],
        draw=partial(_draw, here, limits),
    )


def _words(row: dict[str, object]) -> str:
    return f"{percent(float(str(row['share'])), 0)} % ({shown(row['model'])}, {row['work']}, {row['target']})"


def _bounds(here: pd.DataFrame) -> str:
    return f"Cases by what bounds them: {_reasons(here)}."


def _reasons(here: pd.DataFrame) -> str:
    counts = here["bound_by"].value_counts()
    return ", ".join(f"{REASONS[str(reason)]} {number}" for reason, number in counts.items())


def _table(study: Study, record: HardwareRecord, here: pd.DataFrame) -> Item:
    kinds = list(here["work"].unique())
    several = len(record.settings.batch_sizes) > 1
    keys = ["target", "model", "batch_size"]
    order = workloads.measured(record)
    rows = sorted(rows_of(here[keys].drop_duplicates()), key=lambda row: order.index(row["target"]))
    cells = {(row["target"], row["model"], row["batch_size"], row["work"]): row for row in rows_of(here)}
    leading = merged([(row["target"], shown(row["model"])) for row in rows])
    body = []
    for lead, row in zip(leading, rows, strict=True):
        line = [*lead, *([number(f"{row['batch_size']}")] if several else [])]
        for kind in kinds:
            case = cells[row["target"], row["model"], row["batch_size"], kind]
            line += [
                number(f"{case['rate'] / 1e9:.1f}"),
                number(percent(case["share"], 0)),
                number(REASONS[case["bound_by"]]),
            ]
        body.append(line)
    lead_columns = 3 if several else 2
    return Table(
        name=slug("roofline", record.name),
        caption=(
            f"`{record.name}`: rate of every case, its share of what its target allows, and what bounds it: "
            "*arithmetic* (FLOPs at the peak rate), *memory* (bytes at full bandwidth) or *operations* (their "
            "number, each at its least time), whichever takes longest. Caches may carry a share above the "
            f"whole.{load(record)}"
        ),
        data=here[[*keys, "work", "rate", "share", "bound_by"]],
        sources=[study.source("hardware", record.name)],
        head=[
            [
                Header("Target", rows=2),
                Header("Network", rows=2),
                *([column("Batch", rows=2)] if several else []),
                *(
                    column(kind.capitalize() if kind == workloads.INFERENCE else kind, columns=3)
                    for kind in kinds
                ),
            ],
            [column(text) for _ in kinds for text in ("GFLOP/s", "Share (%)", "Bound by")],
        ],
        body=body,
        wide=len(kinds) * 3 + lead_columns > 6,
    )


def _draw(here: pd.DataFrame, limits: dict[str, TargetLimits]) -> matplotlib.figure.Figure:
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
                **plotting.network(row["model"], hollow=row["work"] == workloads.INFERENCE),
                zorder=3,
            )
        axes.set_title(name)
        axes.text(
            0.98,
            0.03,
            "bound by " + _reasons(part),
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
    kinds = set(here["phase"])
    plotting.legend(
        figure,
        here["model"].unique(),
        "training" if "training" in kinds else None,
        workloads.INFERENCE if workloads.INFERENCE in kinds else None,
    )
    return figure


def _ceilings(axes: Axes, limits: TargetLimits) -> None:
    left, right = axes.get_xlim()
    x = np.array([left, limits.ridge, right])
    axes.plot(x, np.minimum(x * limits.bandwidth_bytes_per_second, limits.peak), color=style.INK, lw=1.2)
    axes.annotate(
        scaled(limits.peak, "FLOP/s"),
        (right, limits.peak),
        (-2, 3),
        textcoords="offset points",
        ha="right",
        size=style.SMALL_SIZE,
    )
    axes.annotate(
        scaled(limits.bandwidth_bytes_per_second, "B/s"),
        (limits.ridge / 3, limits.peak / 3),
        (-3, 2),
        textcoords="offset points",
        ha="right",
        size=style.SMALL_SIZE,
    )
