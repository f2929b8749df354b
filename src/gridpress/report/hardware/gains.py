"""What the fastest target saves, and what an accelerator gains over the CPU at its best."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gridpress.hardware.record import HardwareRecord, Interval
from gridpress.report.hardware import works
from gridpress.report.hardware.works import (
    Work,
    code,
    load,
    milliseconds,
    span,
    times,
)
from gridpress.report.items import Item, Table, column, number, slug
from gridpress.report.markup import Cell, Header
from gridpress.report.names import ABSENT, count, in_seconds, shown
from gridpress.report.study import Study

NOT_DISTINGUISHABLE = "not distinguishable"


def saved(study: Study, record: HardwareRecord) -> Iterator[Item]:
    """Per piece of work the fastest target against the reference."""
    baseline = works.reference(record)
    if baseline is None or len(works.measured(record)) == 1:
        return
    images = study.params.data.images("train")
    compared = [
        (item, slow, works.fastest(record, item))
        for item in works.works(record)
        if (slow := works.find(record, item, baseline)) is not None
    ]
    before = [slow.epoch_seconds(images) for _, slow, _ in compared]
    after = [fast.epoch_seconds(images) for *_, fast in compared]
    times_told = in_seconds([*before, *after])
    rows, body = [], []
    for place, (item, _, fast) in enumerate(compared):
        ratio = works.speedup(record, item, fast.target, baseline)
        share = saving(ratio) if ratio else None
        rows.append(
            {
                "model": item.model,
                "work": works.work(item),
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
            ends = Interval(value=0, low=100 * share.low, high=100 * share.high)
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


def saving(ratio: Interval) -> Interval:
    """The share of time saved at a speedup."""
    return Interval(value=1 - 1 / ratio.value, low=1 - 1 / ratio.low, high=1 - 1 / ratio.high)


def accelerators(study: Study, record: HardwareRecord) -> Iterator[Item]:
    """Each accelerator against the CPU target that is best for the work."""
    rows, body = [], []
    for item in works.works(record):
        cpu = works.tuned(record, item)
        for target in works.accelerators(record):
            ratio = works.speedup(record, item, target, cpu)
            case = works.find(record, item, target)
            base = works.find(record, item, cpu) if cpu else None
            if ratio is None or case is None or base is None:
                continue
            rows.append(
                {
                    "model": item.model,
                    "work": works.work(item),
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
            f"`{record.name}`: {code(works.accelerators(record))} against the CPU target that is fastest for the "
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
        Cell(works.work(item)),
        *([number(f"{item.batch_size}")] if several else []),
    ]
