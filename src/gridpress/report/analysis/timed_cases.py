"""Every timed case of every machine as a data frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis.workloads import Workload, reference, speedup
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study

COLUMNS = (
    "machine",
    "target",
    "phase",
    "work",
    "model",
    "batch_size",
    "image_size",
    "seconds",
    "seconds_low",
    "seconds_high",
    "images_per_second",
    "epoch_seconds",
    "flops",
    "step_flops",
    "memory_bytes",
    "device_bytes",
    "intensity",
    "rate",
    "attainable",
    "share",
    "bound_by",
    "baseline",
    "speedup",
    "speedup_low",
    "speedup_high",
    "distinguishable",
)


def cases(study: Study) -> pd.DataFrame:
    """One row per machine and timed case.

    Times are seconds per step with the ends of their 95 % interval; `epoch_seconds` is one pass over the
    study's training images; `flops` are fvcore's for one image's forward pass, `step_flops` torch's for
    the step; `rate` and `attainable` are FLOP/s; `speedup` is over `baseline`, the machine's reference
    target, with its interval.
    """
    images = study.used(study.datasets[0], "train")
    rows = [row for name, record in study.hardware.items() for row in _rows(name, record, images)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def of_machine(table: pd.DataFrame, record: HardwareRecord) -> pd.DataFrame:
    """The rows of `cases` of one machine."""
    return table[table["machine"] == record.name]


def side_by_side(table: pd.DataFrame, keys: Sequence[str], across: str) -> pd.DataFrame:
    """A row per combination of `keys`; every other column once per value of `across`, as `seconds NAME`."""
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    for row in rows_of(table):
        line = rows.setdefault(tuple(row[key] for key in keys), {key: row[key] for key in keys})
        line |= {f"{name} {row[across]}": row[name] for name in row if name not in (*keys, across)}
    return pd.DataFrame(list(rows.values()))


def _rows(machine: str, record: HardwareRecord, images: int) -> Iterator[dict[str, object]]:
    baseline, nothing = reference(record), float("nan")
    for case in record.cases:
        workload = Workload.of(case)
        compared = speedup(record, workload, case.target, baseline)
        median, roof = case.seconds.median, case.roofline
        yield {
            "machine": machine,
            "target": case.target,
            "phase": case.phase,
            "work": workload.kind,
            "model": case.model,
            "batch_size": case.batch_size,
            "image_size": case.image_size,
            "seconds": median.value,
            "seconds_low": median.low,
            "seconds_high": median.high,
            "images_per_second": case.images_per_second,
            "epoch_seconds": case.epoch_seconds(images),
            "flops": record.networks[case.model].flops_fvcore,
            "step_flops": case.flops_torch,
            "memory_bytes": case.process_peak_bytes,
            "device_bytes": nothing if case.device_peak_bytes is None else case.device_peak_bytes,
            "intensity": roof.intensity,
            "rate": roof.flops_per_second,
            "attainable": roof.attainable_flops_per_second,
            "share": roof.share,
            "bound_by": roof.bound_by,
            "baseline": baseline if compared else None,
            "speedup": compared.value if compared else nothing,
            "speedup_low": compared.low if compared else nothing,
            "speedup_high": compared.high if compared else nothing,
            "distinguishable": compared.excludes(1) if compared else None,
        }
