"""What every case costs on each machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item, Table, column, merged, number, slug
from gridpress.report.presentation.markup import Cell, Header
from gridpress.report.presentation.names import ABSENT, count, in_seconds, percent, shown
from gridpress.report.sections.hardware import workloads
from gridpress.report.sections.hardware.accuracy import Trained, sources, trained
from gridpress.report.sections.hardware.time_saved import accelerators, saved
from gridpress.report.sections.hardware.workloads import (
    batches,
    load,
    mebibytes,
    milliseconds,
    protocol,
    title,
)

SHOWN = (
    "target",
    "work",
    "model",
    "batch_size",
    "seconds",
    "seconds_low",
    "seconds_high",
    "images_per_second",
    "epoch_seconds",
    "memory_bytes",
    "device_bytes",
    "step_flops",
)


def items(study: Study) -> Iterator[Item]:
    """Per machine: its targets, every case, the time saved, and accelerators against the CPU at its best."""
    table, networks = workloads.cases(study), trained(study)
    for machine, record in study.hardware.items():
        here = table[table["machine"] == machine]
        yield _targets(study, record)
        yield _cases(study, record, here, networks)
        yield from saved(study, record)
        yield from accelerators(study, record)


def _targets(study: Study, record: HardwareRecord) -> Item:
    columns = 4
    body = []
    for entry in record.targets:
        target = entry.target
        start = [
            Cell(entry.name, head=True),
            Cell(entry.device_name or target.device.upper()),
            Cell(target.precision),
            number(f"{entry.threads}"),
            Cell(target.memory_format.replace("_", " ")),
        ]
        if entry.limits is None:
            body.append([*start, Cell(f"Not measured: {entry.absent}", columns=columns)])
            continue
        limits = entry.limits
        body.append(
            [
                *start,
                number(f"{limits.matmul_flops_per_second / 1e9:.1f}"),
                number(f"{limits.convolution_flops_per_second / 1e9:.1f}"),
                number(f"{limits.bandwidth_bytes_per_second / 1e9:.1f}"),
                number(f"{limits.operation_seconds * 1e6:.1f}"),
            ]
        )
    return Table(
        name=slug("targets", record.name),
        caption=(
            f"{title(record)}: the targets, and the best that was measured on each: a product of two matrices, a "
            "convolution, reading and writing memory, and the least time of an operation. Two FLOPs per "
            f"multiply-add.{_tf32(record)}{load(record)}"
        ),
        data=pd.DataFrame(
            [
                {
                    "target": entry.name,
                    **entry.target.model_dump(),
                    "threads_used": entry.threads,
                    "absent": entry.absent,
                    **(entry.limits.model_dump() if entry.limits else {}),
                }
                for entry in record.targets
            ]
        ),
        sources=[study.source("hardware", record.name)],
        head=[
            [
                *map(Header, ("Target", "Device", "Precision")),
                column("Threads"),
                Header("Memory format"),
                *map(
                    column,
                    ("Matrices (GFLOP/s)", "Convolution (GFLOP/s)", "Memory (GB/s)", "Operation (µs)"),
                ),
            ]
        ],
        body=body,
        wide=True,
    )


def _cases(study: Study, record: HardwareRecord, here: pd.DataFrame, networks: Sequence[Trained]) -> Item:
    used = {entry.name: entry for entry in record.targets}
    datasets = list(dict.fromkeys(entry.dataset for entry in networks))
    optimizers = {shown(entry.optimizer): entry.optimizer for entry in networks}

    def accuracy(row: dict[str, object], dataset: str) -> float | None:
        entry_of = used[str(row["target"])]
        target, threads = entry_of.target, entry_of.threads
        where = (dataset, row["model"], optimizers.get(str(row["work"])), target.device, target.precision)
        return next(
            (
                entry.accuracy
                for entry in networks
                if (entry.dataset, entry.model, entry.optimizer, entry.device, entry.precision) == where
                and (entry.device != "cpu" or entry.threads == threads)
            ),
            None,
        )

    order, kinds = workloads.measured(record), list(dict.fromkeys(here["work"]))
    rows = sorted(rows_of(here), key=lambda row: (order.index(row["target"]), kinds.index(row["work"])))
    accuracies = [f"accuracy_{dataset}" for dataset in datasets]
    for row in rows:
        row.update({f"accuracy_{dataset}": accuracy(row, dataset) for dataset in datasets})
    several = len(record.settings.batch_sizes) > 1
    devices = bool(here["device_bytes"].notna().any())
    leading = merged([(row["target"], row["work"], shown(row["model"])) for row in rows])
    body = [
        [
            *lead,
            *([number(f"{row['batch_size']}")] if several else []),
            *(number(percent(row[name], 1)) for name in accuracies),
            number(milliseconds(row["seconds"])),
            number(f"{milliseconds(row['seconds_low'])} to {milliseconds(row['seconds_high'])}"),
            number(f"{row['images_per_second']:.0f}"),
            number(epoch),
            number(mebibytes(row["memory_bytes"])),
            *([number(_device_memory(row["device_bytes"]))] if devices else []),
            number(f"{row['step_flops'] / 1e9:.1f}"),
        ]
        for lead, row, epoch in zip(
            leading, rows, in_seconds([row["epoch_seconds"] for row in rows]), strict=True
        )
    ]
    columns = [
        *(["Batch"] if several else []),
        *(f"{shown(dataset)} (%)" for dataset in datasets),
        "Step (ms)",
        "Interval (ms)",
        "Images/s",
        "Epoch (s)",
        "Memory (MiB)",
        *(["Device (MiB)"] if devices else []),
        "GFLOPs",
    ]
    body += [
        [Cell(entry.name, head=True), Cell(f"Not measured: {entry.absent}", columns=len(columns) + 2)]
        for entry in record.targets
        if entry.absent is not None
    ]
    images = count(study.params.data.images("train"))
    learned = (
        f"Accuracy on test images of the networks that this study trained, at "
        f"{study.params.train.image_size} pixels, on the same kind of device in the same precision, on a CPU with as many threads "
        f"({ABSENT}: not trained so); "
        if datasets
        else ""
    )
    return Table(
        name=slug("hardware", record.name),
        caption=(
            f"`{record.name}`: {learned}time of a training step or an inference batch of {batches(record)}, as "
            f"median with its interval; images per second; the time of one pass over {images} images; the "
            "most memory that a process with this case alone takes; and FLOPs of the step as torch counts "
            f"them. {protocol(record)}{load(record)}"
        ),
        data=pd.DataFrame(
            [
                *({name: row[name] for name in (*SHOWN, *accuracies)} for row in rows),
                *({"target": entry.name, "absent": entry.absent} for entry in record.targets if entry.absent),
            ]
        ),
        sources=[study.source("hardware", record.name), *sources(study, networks)],
        head=[[*map(Header, ("Target", "Work", "Network")), *map(column, columns)]],
        body=body,
        wide=True,
    )


def _tf32(record: HardwareRecord) -> str:
    """A sentence with a space before it, where fp32 on CUDA is not all fp32."""
    used = [entry.target for entry in record.targets if entry.absent is None]
    if not record.tf32 or ("cuda", "fp32") not in {(target.device, target.precision) for target in used}:
        return ""
    return " Convolutions in fp32 on CUDA may round to TF32, as PyTorch does by default."


def _device_memory(size: float) -> str:
    return ABSENT if pd.isna(size) else mebibytes(size)
