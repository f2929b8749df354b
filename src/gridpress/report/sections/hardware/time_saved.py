"""What the fastest target saves, and what an accelerator gains over the CPU at its best."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from gridpress.benchmark.records.cases import TimingInterval
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis import workloads
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item, slug
from gridpress.report.presentation.names import ABSENT, count
from gridpress.report.presentation.tables import Column, leading, table, words
from gridpress.report.sections.hardware.wording import (
    NOT_DISTINGUISHABLE,
    between,
    code,
    load,
    milliseconds,
    ratio,
    same_decimals,
)

SAVED = ("saved_value", "saved_low", "saved_high")


def savings(record: HardwareRecord, images: int) -> pd.DataFrame:
    """A row per workload that the reference did: seconds of one pass there and on the fastest target.

    `saved_*` is the share of time saved with its interval, missing where the reference is the fastest.
    """
    baseline = workloads.reference(record)
    rows = []
    for workload in workloads.workloads(record):
        slow, fast = workloads.find(record, workload, baseline), workloads.fastest(record, workload)
        if slow is None:
            continue
        speedup = workloads.speedup(record, workload, fast.target, baseline)
        share = saving(speedup) if speedup else None
        ends = (share.value, share.low, share.high) if share else (math.nan,) * 3
        rows.append(
            {
                "model": workload.model,
                "work": workload.kind,
                "batch_size": workload.batch_size,
                "baseline_seconds": slow.epoch_seconds(images),
                "fastest": fast.target,
                "fastest_seconds": fast.epoch_seconds(images) if share else math.nan,
                **dict(zip(SAVED, ends, strict=True)),
                "distinguishable": speedup.excludes(1) if speedup else None,
            }
        )
    return pd.DataFrame(rows)


def saving(speedup: TimingInterval) -> TimingInterval:
    """The share of time saved at a speedup."""
    return TimingInterval(value=1 - 1 / speedup.value, low=1 - 1 / speedup.low, high=1 - 1 / speedup.high)


def saved(study: Study, record: HardwareRecord) -> Iterator[Item]:
    """Per workload the fastest target against the reference."""
    if len(workloads.measured(record)) < 2:
        return
    images = study.used(study.datasets[0], "train")
    data = savings(record, images)
    seconds = same_decimals([*data["baseline_seconds"], *data["fastest_seconds"].dropna()])
    yield table(
        slug("saved", record.name),
        (
            f"`{record.name}`: share of the time that the fastest target saves over "
            f"`{workloads.reference(record)}` for one pass over {count(images)} images, with the 95 % "
            f"interval of the ratio of medians.{load(record)}"
        ),
        data,
        [
            *_workload_columns(record),
            Column(title="Reference (s)", of="baseline_seconds", format=seconds),
            words("Fastest target", "fastest"),
            Column(title="Its time (s)", of="fastest_seconds", format=seconds),
            Column(title="Saved (%)", of="saved_value", format=_share),
            words("Interval (%)", ("saved_low", "saved_high", "distinguishable"), _share_span),
        ],
        [study.source("hardware", record.name)],
    )


def _share(value: float) -> str:
    return ABSENT if math.isnan(value) else f"{100 * value:.1f}".replace("-", "−")


def _share_span(low: float, high: float, distinguishable: bool | None) -> str:
    if math.isnan(low):
        return "the reference is the fastest"
    return between(100 * low, 100 * high, 1) + ("" if distinguishable else f" ({NOT_DISTINGUISHABLE})")


def gains_over_cpu(record: HardwareRecord) -> pd.DataFrame:
    """A row per workload and accelerator, with seconds of a step there and on the best CPU target."""
    rows = []
    for workload in workloads.workloads(record):
        cpu = workloads.tuned(record, workload)
        base = workloads.find(record, workload, cpu)
        for target in workloads.accelerators(record):
            speedup = workloads.speedup(record, workload, target, cpu)
            case = workloads.find(record, workload, target)
            if speedup is None or case is None or base is None:
                continue
            rows.append(
                {
                    "model": workload.model,
                    "work": workload.kind,
                    "batch_size": workload.batch_size,
                    "target": target,
                    "cpu": base.target,
                    "cpu_seconds": base.seconds.median.value,
                    "seconds": case.seconds.median.value,
                    **speedup.model_dump(),
                }
            )
    return pd.DataFrame(rows)


def accelerators(study: Study, record: HardwareRecord) -> Iterator[Item]:
    """Each accelerator against the CPU target that is best for the workload; nothing without one."""
    data = gains_over_cpu(record)
    if data.empty:
        return
    yield table(
        slug("accelerator", record.name),
        (
            f"`{record.name}`: {code(workloads.accelerators(record))} against the CPU target that is "
            "fastest for the same workload, whatever its threads, precision and memory "
            f"format.{load(record)}"
        ),
        data,
        [
            *_workload_columns(record),
            words("Best CPU target", "cpu"),
            Column(title="Step (ms)", of="cpu_seconds", format=milliseconds),
            words("Accelerator", "target"),
            Column(title="Step (ms)", of="seconds", format=milliseconds),
            Column(title="Speedup", of=("value", "low", "high"), format=ratio),
        ],
        [study.source("hardware", record.name)],
        wide=True,
    )


def _workload_columns(record: HardwareRecord) -> list[Column]:
    batch = [Column(title="Batch", of="batch_size")] if workloads.several_batches(record) else []
    return [leading("Network", "model"), words("Work", "work"), *batch]
