"""Several machines beside each other, on work that all of them did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.benchmark.records.cases import CaseRecord
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.benchmark.records.timing import TimingInterval
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import plotting, style
from gridpress.report.presentation.items import Figure, Item, Table, column, number
from gridpress.report.presentation.markup import Cell, Header
from gridpress.report.presentation.names import listed, shown
from gridpress.report.sections.hardware import workloads
from gridpress.report.sections.hardware.workloads import Work, loads, milliseconds, span


def common(records: Sequence[HardwareRecord]) -> list[Work]:
    """Work that every machine did at the same image size; none of a single machine."""
    if len(records) < 2 or len({record.settings.image_size for record in records}) > 1:
        return []
    first, *others = ([*workloads.works(record)] for record in records)
    return [item for item in first if all(item in other for other in others)]


def between(slow: CaseRecord, fast: CaseRecord) -> TimingInterval:
    """How many times as fast the second is.

    The two were not measured in the same rounds, so the ends are those of the two medians' intervals
    divided the unfavourable way: wider than 95 %.
    """
    one, other = slow.seconds.median, fast.seconds.median
    return TimingInterval(value=one.value / other.value, low=one.low / other.high, high=one.high / other.low)


def items(study: Study) -> Iterator[Item]:
    """Each machine's fastest target for each piece of work; nothing where there is one machine."""
    records = list(study.hardware.values())
    shared = common(records)
    if not shared:
        return
    first, others = records[0], records[1:]
    rows, body = [], []
    for item in shared:
        base = workloads.fastest(first, item)
        cells = [
            Cell(shown(item.model), head=True),
            Cell(workloads.work(item)),
            number(f"{item.batch_size}"),
            Cell(base.target),
            number(milliseconds(base.seconds.median.value)),
        ]
        rows.append(_row(first, item, base, None))
        for record in others:
            case = workloads.fastest(record, item)
            ratio = between(base, case)
            told = (
                f"{ratio.value:.2f} ({span(ratio)})"
                if ratio.excludes(1)
                else f"not distinguishable ({span(ratio)})"
            )
            cells += [Cell(case.target), number(milliseconds(case.seconds.median.value)), number(told)]
            rows.append(_row(record, item, case, ratio))
        body.append(cells)
    table = pd.DataFrame(rows)
    size = first.settings.image_size
    found = study.sources("hardware", study.hardware)
    yield Figure(
        name="machines",
        caption=(
            "Each machine at its best: median time of a step on the target that is fastest for it, with intervals. "
            f"Images of {size} pixels a side.{loads(records)}"
        ),
        alt=f"Dot plots of the time of a step on {listed(study.hardware)}. {_alt(table)}",
        data=table,
        sources=found,
        draw=partial(_draw, table),
    )
    yield Table(
        name="machines-beside",
        caption=(
            f"Each machine's fastest target for the same work, and how many times as fast it is as `{first.name}`'s. "
            "The machines were not measured together, so an interval takes both medians' intervals the unfavourable "
            f"way. Images of {size} pixels a side.{loads(records)}"
        ),
        data=table,
        sources=found,
        head=[
            [
                *(Header(text, rows=2) for text in ("Network", "Work")),
                column("Batch", rows=2),
                column(first.name, columns=2),
                *(column(record.name, columns=3) for record in others),
            ],
            [
                Header("Target"),
                column("Step (ms)"),
                *(
                    cell
                    for _ in others
                    for cell in (Header("Target"), column("Step (ms)"), column(f"Over {first.name}"))
                ),
            ],
        ],
        body=body,
        wide=True,
    )


def _row(
    record: HardwareRecord, item: Work, case: CaseRecord, ratio: TimingInterval | None
) -> dict[str, object]:
    median = case.seconds.median
    return {
        "machine": record.name,
        "model": item.model,
        "work": workloads.work(item),
        "batch_size": item.batch_size,
        "target": case.target,
        "seconds": median.value,
        "low": median.low,
        "high": median.high,
        "ratio": ratio.value if ratio else None,
        "ratio_low": ratio.low if ratio else None,
        "ratio_high": ratio.high if ratio else None,
    }


def _alt(table: pd.DataFrame) -> str:
    counts = table.loc[
        table.groupby(["model", "work", "batch_size"])["seconds"].idxmin(), "machine"
    ].value_counts()
    return (
        "Fastest: "
        + listed(f"{machine} for {number} of {counts.sum()}" for machine, number in counts.items())
        + "."
    )


def _draw(table: pd.DataFrame) -> matplotlib.figure.Figure:
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
