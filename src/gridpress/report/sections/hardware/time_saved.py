"""What the fastest target saves, and what an accelerator gains over the CPU at its best."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.benchmark.records.timing import TimingInterval
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item, Table, column, number, slug
from gridpress.report.presentation.markup import Cell, Header
from gridpress.report.presentation.names import ABSENT, count, in_seconds, shown
from gridpress.report.sections.hardware import workloads
from gridpress.report.sections.hardware.workloads import Work, code, load, milliseconds, span, times

NOT_DISTINGUISHABLE = "not distinguishable"


def saved(study: Study, record: HardwareRecord) -> Iterator[Item]:
    """Per piece of work the fastest target against the reference."""
    baseline = workloads.reference(record)
    if baseline is None or len(workloads.measured(record)) == 1:
        return
    images = study.params.data.images("train")
    compared = [
        (item, slow, workloads.fastest(record, item))
        for item in workloads.works(record)
        if (slow := workloads.find(record, item, baseline)) is not None
    ]
    before = [slow.epoch_seconds(images) for _, slow, _ in compared]
    after = [fast.epoch_seconds(images) for *_, fast in compared]
    times_told = in_seconds([*before, *after])
    rows, body = [], []
    for place, (item, _, fast) in enumerate(compared):
        ratio = workloads.speedup(record, item, fast.target, baseline)
        share = saving(ratio) if ratio else None
        rows.append(
            {
                "model": item.model,
                "work": workloads.work(item),
                "batch_size": item.batch_size,
                "baseline_seconds": before[place],
                "fastest": fast.target,
                "fastest_seconds": after[place],
                **({f"saved_{end}": value for end, value in share.model_dump().items()} if share else {}),
            }
        )
        start = [*_work_cells(record, item), number(times_told[place]), Cell(fast.target)]
        if ratio is None or share is None:
            body.append([*start, number(ABSENT), number(ABSENT), Cell("nothing is faster")])
        else:
            ends = TimingInterval(value=0, low=100 * share.low, high=100 * share.high)
            told = "" if ratio.excludes(1) else f" ({NOT_DISTINGUISHABLE})"
            body.append(
                [
                    *start,
                    number(times_told[len(compared) + place]),
                    number(f"{100 * share.value:.1f}".replace("-", "−")),
                    Cell(f"{span(ends, 1)}{told}".replace("-", "−")),
                ]
            )
    yield Table(
        name=slug("saved", record.name),
        caption=(
            f"`{record.name}`: what the fastest target saves of the time that `{baseline}` takes for one pass over "
            f"{count(images)} images, with the interval of the ratio of medians.{load(record)}"
        ),
        data=pd.DataFrame(rows),
        sources=[study.source("hardware", record.name)],
        head=[
            [
                *_work_headers(record),
                column("Reference (s)"),
                Header("Fastest target"),
                *map(column, ("Its time (s)", "Saved (%)")),
                Header("Interval (%)"),
            ]
        ],
        body=body,
    )


def saving(ratio: TimingInterval) -> TimingInterval:
    """The share of time saved at a speedup."""
    return TimingInterval(value=1 - 1 / ratio.value, low=1 - 1 / ratio.low, high=1 - 1 / ratio.high)


def accelerators(study: Study, record: HardwareRecord) -> Iterator[Item]:
    """Each accelerator against the CPU target that is best for the work."""
    rows, body = [], []
    for item in workloads.works(record):
        cpu = workloads.tuned(record, item)
        for target in workloads.accelerators(record):
            ratio = workloads.speedup(record, item, target, cpu)
            case = workloads.find(record, item, target)
            base = workloads.find(record, item, cpu) if cpu else None
            if ratio is None or case is None or base is None:
                continue
            rows.append(
                {
                    "model": item.model,
                    "work": workloads.work(item),
                    "target": target,
                    "cpu": cpu,
                    **ratio.model_dump(),
                }
            )
            body.append(
                [
                    *_work_cells(record, item),
                    Cell(base.target),
                    number(milliseconds(base.seconds.median.value)),
                    Cell(target),
                    number(milliseconds(case.seconds.median.value)),
                    number(times(ratio) if ratio.excludes(1) else f"{NOT_DISTINGUISHABLE} ({span(ratio)})"),
                ]
            )
    if not rows:
        return
    yield Table(
        name=slug("accelerator", record.name),
        caption=(
            f"`{record.name}`: {code(workloads.accelerators(record))} against the CPU target that is fastest for the "
            f"same work, whatever its threads, precision and memory format.{load(record)}"
        ),
        data=pd.DataFrame(rows),
        sources=[study.source("hardware", record.name)],
        head=[
            [
                *_work_headers(record),
                Header("Best CPU target"),
                column("Step (ms)"),
                Header("Accelerator"),
                *map(column, ("Step (ms)", "Speedup")),
            ]
        ],
        body=body,
        wide=True,
    )


def _work_headers(record: HardwareRecord) -> list[Header]:
    several = len(record.settings.batch_sizes) > 1
    return [*map(Header, ("Network", "Work")), *([column("Batch")] if several else [])]


def _work_cells(record: HardwareRecord, item: Work) -> list[Cell]:
    several = len(record.settings.batch_sizes) > 1
    return [
        Cell(shown(item.model), head=True),
        Cell(workloads.work(item)),
        *([number(f"{item.batch_size}")] if several else []),
    ]
