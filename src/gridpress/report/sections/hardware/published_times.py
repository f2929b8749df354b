"""What published studies print for CPU and GPU, beside what was measured here or why it was not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.benchmark.records.timing import TimingInterval
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item, Table, column, number
from gridpress.report.presentation.markup import Cell, Header, escape
from gridpress.report.presentation.names import ABSENT, shown
from gridpress.report.sections.hardware import workloads
from gridpress.report.sections.hardware.workloads import Work, loads, times

GPU = "cuda"
SOURCE = "data/published/hardware.csv"


def pairs(study: Study) -> pd.DataFrame:
    """One row per study, network and optimizer with both devices: cpu and gpu in seconds, ratio, device names."""
    table = study.published.hardware
    keys = ["study", "model", "optimizer"]
    sides = [
        table[table["device"] == device]
        .drop_duplicates(keys)
        .set_index(keys)[["device_name", "train_time_s"]]
        .add_suffix(f"_{side}")
        for device, side in (("cpu", "cpu"), (GPU, "gpu"))
    ]
    both = sides[0].join(sides[1], how="inner").reset_index()
    return both.assign(ratio=both["train_time_s_cpu"] / both["train_time_s_gpu"])


def here(record: HardwareRecord, model: str, optimizer: str) -> tuple[TimingInterval | None, str]:
    """The speedup of this machine's fastest GPU target over its best CPU target, and what it is in words."""
    targets = [entry for entry in record.targets if entry.target.device == GPU]
    found = [entry.name for entry in targets if entry.absent is None]
    if not found:
        return None, "not measured"
    batch = record.settings.batch_sizes[0]
    item = Work(model, optimizer, batch)
    ratios = [workloads.speedup(record, item, target, workloads.tuned(record, item)) for target in found]
    known = [ratio for ratio in ratios if ratio is not None]
    if not known:
        return None, "not among the cases"
    best = max(known, key=lambda ratio: ratio.value)
    return best, times(best) if best.excludes(1) else f"not distinguishable ({workloads.span(best)})"


def items(study: Study) -> Iterator[Item]:
    """The published table, always; a column per machine."""
    rows = rows_of(pairs(study))
    if not rows:
        return
    records = list(study.hardware.values())
    found = [[here(record, row["model"], row["optimizer"]) for record in records] for row in rows]
    missing = [record for record in records if not _has_gpu(record)]
    note = " ".join(["", *(f"On `{record.name}`: {_reason(record)}." for record in missing)])
    yield Table(
        name="published-hardware",
        caption=(
            "**Published, not measured here:** training times on CPU and GPU as the studies print them, and their "
            "ratio: single values without interval; how the CPU was used (threads, precision) is not known. **Here:** the fastest "
            f"GPU target over the best CPU target, per training step, where a machine has a GPU.{note}{loads(filter(_has_gpu, records))}"
        ),
        data=pd.DataFrame(rows).assign(
            **{
                f"here_{record.name}": [line[place][1] for line in found]
                for place, record in enumerate(records)
            }
        ),
        sources=[SOURCE, *study.sources("hardware", study.hardware)],
        head=[
            [
                Header("Published", columns=7, align="center"),
                *([Header("Here", columns=len(records), align="center")] if records else []),
            ],
            [
                *map(Header, ("Study", "Network", "Optimizer", "Devices")),
                *map(column, ("CPU (s)", "GPU (s)", "CPU over GPU")),
                *(Header(record.name) for record in records),
            ],
        ],
        body=[
            [
                Cell(row["study"], head=True),
                Cell(shown(row["model"])),
                Cell(shown(row["optimizer"])),
                Cell(_devices(row)),
                number(f"{row['train_time_s_cpu']:.1f}"),
                number(f"{row['train_time_s_gpu']:.1f}"),
                number(f"{row['ratio']:.2f}"),
                *(Cell(words) for _, words in line),
            ]
            for row, line in zip(rows, found, strict=True)
        ],
        wide=True,
    )


def _reason(record: HardwareRecord) -> str:
    reasons = [entry.absent for entry in record.targets if entry.target.device == GPU and entry.absent]
    return "; ".join(map(escape, dict.fromkeys(reasons))) or "no GPU is among its targets"


def _has_gpu(record: HardwareRecord) -> bool:
    return any(entry.target.device == GPU and entry.absent is None for entry in record.targets)


def _devices(row: dict[str, Any]) -> str:
    names = [str(row[key]) for key in ("device_name_cpu", "device_name_gpu") if not pd.isna(row[key])]
    return ", ".join(names) or ABSENT
