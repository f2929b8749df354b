"""What published studies print for CPU and GPU, beside what was measured here or why it was not."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from gridpress.benchmark.records.cases import TimingInterval
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis import workloads
from gridpress.report.analysis.workloads import Workload
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.markup import escape
from gridpress.report.presentation.names import ABSENT
from gridpress.report.presentation.tables import Column, table
from gridpress.report.sections.hardware.wording import loads, ratio

GPU = "cuda"
SOURCE = "data/published/hardware.csv"
PUBLISHED, HERE = "Published", "Here"  # groups of columns


def pairs(study: Study) -> pd.DataFrame:
    """One row per study, network and optimizer with both devices: times in seconds, ratio, device names."""
    printed = study.published.hardware
    keys = ["study", "model", "optimizer"]
    sides = [
        printed[printed["device"] == device]
        .drop_duplicates(keys)
        .set_index(keys)[["device_name", "train_time_s"]]
        .add_suffix(f"_{side}")
        for device, side in (("cpu", "cpu"), (GPU, "gpu"))
    ]
    both = sides[0].join(sides[1], how="inner").reset_index()
    return both.assign(ratio=both["train_time_s_cpu"] / both["train_time_s_gpu"])


def gpu_speedup(record: HardwareRecord, model: str, optimizer: str) -> TimingInterval | str:
    """Of the fastest GPU target over the best CPU target; where there is none, why."""
    found = _gpus(record)
    if not found:
        return "not measured"
    workload = Workload(model, optimizer, record.settings.batch_sizes[0])
    cpu = workloads.tuned(record, workload)
    known = [
        speedup
        for target in found
        if (speedup := workloads.speedup(record, workload, target, cpu)) is not None
    ]
    return max(known, key=lambda speedup: speedup.value) if known else "not among the cases"


def beside_ours(study: Study) -> pd.DataFrame:
    """The rows of `pairs`, with a column `here_MACHINE` in words for each machine."""
    printed = pairs(study)
    return printed.assign(
        **{
            f"here_{name}": [_words(record, row["model"], row["optimizer"]) for row in rows_of(printed)]
            for name, record in study.hardware.items()
        }
    )


def published_times(study: Study) -> Iterator[Item]:
    """The published table, always; a column per machine."""
    data = beside_ours(study)
    if data.empty:
        return
    records = list(study.hardware.values())
    with_gpu = [record for record in records if _gpus(record)]
    reasons = [f" On `{record.name}`: {_reason(record)}." for record in records if not _gpus(record)]
    yield table(
        "published-hardware",
        (
            "**Published, not measured here:** training times on CPU and GPU as the studies print them, and "
            "their ratio: single values without interval; how the CPU was used (threads, precision) is not "
            "known. **Here:** the fastest GPU target over the best CPU target, per training step, where a "
            f"machine has a GPU.{''.join(reasons)}{loads(with_gpu)}"
        ),
        data,
        [
            Column(title="Study", of="study", format=str, align="left", leading=True, group=PUBLISHED),
            Column(title="Network", of="model", align="left", group=PUBLISHED),
            Column(title="Optimizer", of="optimizer", align="left", group=PUBLISHED),
            Column(
                title="Devices",
                of=("device_name_cpu", "device_name_gpu"),
                format=_devices,
                align="left",
                group=PUBLISHED,
            ),
            Column(title="CPU (s)", of="train_time_s_cpu", format="{:.1f}".format, group=PUBLISHED),
            Column(title="GPU (s)", of="train_time_s_gpu", format="{:.1f}".format, group=PUBLISHED),
            Column(title="CPU over GPU", of="ratio", format="{:.2f}".format, group=PUBLISHED),
            *(
                Column(title=name, of=f"here_{name}", format=str, align="left", group=HERE)
                for name in study.hardware
            ),
        ],
        [SOURCE, *study.sources("hardware", study.hardware)],
        wide=True,
    )


def _words(record: HardwareRecord, model: str, optimizer: str) -> str:
    found = gpu_speedup(record, model, optimizer)
    return found if isinstance(found, str) else ratio(found.value, found.low, found.high)


def _reason(record: HardwareRecord) -> str:
    reasons = [entry.absent for entry in record.targets if entry.target.device == GPU and entry.absent]
    return "; ".join(map(escape, dict.fromkeys(reasons))) or "no GPU is among its targets"


def _gpus(record: HardwareRecord) -> list[str]:
    return [entry.name for entry in record.targets if entry.target.device == GPU and entry.absent is None]


def _devices(*names: str | float) -> str:
    return ", ".join(str(name) for name in names if not pd.isna(name)) or ABSENT
