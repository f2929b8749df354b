"""The targets of a machine, and the best that was measured on each."""

from __future__ import annotations

import math

import pandas as pd

from gridpress.benchmark.records.cases import TargetLimits
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis.workloads import absent
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item, slug
from gridpress.report.presentation.names import ABSENT
from gridpress.report.presentation.tables import Column, leading, table, words
from gridpress.report.sections.hardware.wording import giga, load, microseconds, title

UNKNOWN = dict.fromkeys(TargetLimits.model_fields, math.nan)


def limits(record: HardwareRecord) -> pd.DataFrame:
    """A row per target: how the device is used, and its limits, missing where it was not measured."""
    return pd.DataFrame(
        [
            {
                "target": entry.name,
                "device_name": entry.device_name or entry.target.device.upper(),
                **entry.target.model_dump(),
                "threads_used": entry.threads,
                "absent": entry.absent,
                **(entry.limits.model_dump() if entry.limits else UNKNOWN),
            }
            for entry in record.targets
        ]
    )


def targets(study: Study, record: HardwareRecord) -> Item:
    """A row per target."""
    return table(
        slug("targets", record.name),
        (
            f"{title(record)}: the targets, and the best that was measured on each: a product of two "
            "matrices, a convolution, reading and writing memory, and the least time of an operation. Two "
            f"FLOPs per multiply-add.{_absent(record)}{_tf32(record)}{load(record)}"
        ),
        limits(record),
        [
            leading("Target", "target", str),
            words("Device", "device_name"),
            words("Precision", "precision"),
            Column(title="Threads", of="threads_used"),
            words("Memory format", "memory_format", lambda name: name.replace("_", " ")),
            Column(title="Matrices (GFLOP/s)", of="matmul_flops_per_second", format=giga),
            Column(title="Convolution (GFLOP/s)", of="convolution_flops_per_second", format=giga),
            Column(title="Memory (GB/s)", of="bandwidth_bytes_per_second", format=giga),
            Column(title="Operation (µs)", of="operation_seconds", format=microseconds),
        ],
        [study.source("hardware", record.name)],
        wide=True,
    )


def _tf32(record: HardwareRecord) -> str:
    """A sentence with a space before it, where fp32 on CUDA is not all fp32."""
    used = [entry.target for entry in record.targets if entry.absent is None]
    if not record.tf32 or ("cuda", "fp32") not in {(target.device, target.precision) for target in used}:
        return ""
    return " Convolutions in fp32 on CUDA may round to TF32, as PyTorch does by default."


def _absent(record: HardwareRecord) -> str:
    """A sentence with a space before it, where targets are absent."""
    return (
        f" {ABSENT}: not measured; @tbl-{slug('hardware', record.name)} says why." if absent(record) else ""
    )
