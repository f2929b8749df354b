"""Several machines beside each other, on workloads that all of them did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.benchmark.records.cases import CaseRecord, TimingInterval
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis import workloads
from gridpress.report.analysis.timed_cases import side_by_side
from gridpress.report.analysis.workloads import Workload
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation import plotting, style
from gridpress.report.presentation.items import Figure, Item
from gridpress.report.presentation.names import listed
from gridpress.report.presentation.tables import Column, leading, table, words
from gridpress.report.sections.hardware.wording import loads, milliseconds, ratio

KEYS = ["model", "work", "batch_size"]


def common(records: Sequence[HardwareRecord]) -> list[Workload]:
    """Workloads that every machine did at the same image size; none of a single machine."""
    if len(records) < 2 or len({record.settings.image_size for record in records}) > 1:
        return []
    first, *others = map(workloads.workloads, records)
    return [workload for workload in first if all(workload in other for other in others)]


def over(slow: CaseRecord, fast: CaseRecord) -> TimingInterval:
    """How many times as fast the second is.

    The two were not measured in the same rounds, so the ends are those of the two medians' intervals
    divided the unfavourable way: wider than 95 %.
    """
    one, other = slow.seconds.median, fast.seconds.median
    return TimingInterval(value=one.value / other.value, low=one.low / other.high, high=one.high / other.low)


def at_their_best(records: Sequence[HardwareRecord]) -> pd.DataFrame:
    """A row per common workload and machine: its fastest target, and the ratio over the first machine's."""
    first = records[0]
    rows = []
    for workload in common(records):
        base = workloads.fastest(first, workload)
        for record in records:
            case = workloads.fastest(record, workload)
            compared = None if record is first else over(base, case)
            median = case.seconds.median
            rows.append(
                {
                    "machine": record.name,
                    "model": workload.model,
                    "work": workload.kind,
                    "batch_size": workload.batch_size,
                    "target": case.target,
                    "seconds": median.value,
                    "low": median.low,
                    "high": median.high,
                    "ratio": compared.value if compared else None,
                    "ratio_low": compared.low if compared else None,
                    "ratio_high": compared.high if compared else None,
                }
            )
    return pd.DataFrame(rows)


def machine_comparison(study: Study) -> Iterator[Item]:
    """Each machine's fastest target for each workload; nothing where there is one machine."""
    records = list(study.hardware.values())
    if not common(records):
        return
    best = at_their_best(records)
    first, *others = (record.name for record in records)
    size = f"Images of {records[0].settings.image_size} pixels a side.{loads(records)}"
    found = study.sources("hardware", study.hardware)
    yield Figure(
        name="machines",
        caption=(
            "Each machine at its best: median time of a step on the target that is fastest for it, with 95 % "
            f"intervals. {size}"
        ),
        alt=f"Dot plots of the time of a step on {listed(study.hardware)}. {_alt(best)}",
        data=best,
        sources=found,
        draw=partial(_draw, best),
    )
    yield table(
        "machines-beside",
        (
            "Each machine's fastest target for the same workload, and how many times as fast it is as "
            f"`{first}`'s. The machines were not measured together, so the intervals are conservative: the "
            f"ends of one median's interval over the opposite ends of the other's. {size}"
        ),
        side_by_side(best, KEYS, "machine"),
        [
            leading("Network", "model"),
            words("Work", "work"),
            Column(title="Batch", of="batch_size"),
            *_columns(first),
            *(column for machine in others for column in [*_columns(machine), _ratio(machine, first)]),
        ],
        found,
        wide=True,
    )


def _columns(machine: str) -> list[Column]:
    return [
        Column(title="Target", of=f"target {machine}", format=str, align="left", group=machine),
        Column(title="Step (ms)", of=f"seconds {machine}", format=milliseconds, group=machine),
    ]


def _ratio(machine: str, first: str) -> Column:
    ends = tuple(f"{name} {machine}" for name in ("ratio", "ratio_low", "ratio_high"))
    return Column(title=f"Over {first}", of=ends, format=ratio, group=machine)


def _alt(best: pd.DataFrame) -> str:
    counts = best.loc[best.groupby(KEYS)["seconds"].idxmin(), "machine"].value_counts()
    return f"Fastest: {listed(f'{name} for {number} of {counts.sum()}' for name, number in counts.items())}."


def _draw(table: pd.DataFrame) -> matplotlib.figure.Figure:
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
