"""What every case costs on each machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis import workloads
from gridpress.report.analysis.timed_cases import cases, of_machine
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item, slug
from gridpress.report.presentation.names import ABSENT, count, percent, shown
from gridpress.report.presentation.tables import Column, leading, table
from gridpress.report.sections.hardware.accuracy import Trained, sources, trained
from gridpress.report.sections.hardware.targets import targets
from gridpress.report.sections.hardware.time_saved import accelerators, saved
from gridpress.report.sections.hardware.wording import (
    batches,
    giga,
    load,
    mebibytes,
    milliseconds,
    milliseconds_span,
    not_measured,
    protocol,
    same_decimals,
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


def time_and_memory(study: Study) -> Iterator[Item]:
    """Per machine: its targets, every case, the time saved, and accelerators against the CPU at its best."""
    everything, networks = cases(study), trained(study)
    for record in study.hardware.values():
        yield targets(study, record)
        yield _cases(study, record, of_machine(everything, record), networks)
        yield from saved(study, record)
        yield from accelerators(study, record)


def with_accuracies(record: HardwareRecord, here: pd.DataFrame, networks: Sequence[Trained]) -> pd.DataFrame:
    """The cases by target and kind of work, with a column `accuracy_DATASET` for each dataset trained on."""
    order, kinds = workloads.measured(record), list(dict.fromkeys(here["work"]))
    rows = sorted(rows_of(here), key=lambda row: (order.index(row["target"]), kinds.index(row["work"])))
    for row in rows:
        row |= {f"accuracy_{name}": _accuracy(record, row, networks, name) for name in _datasets(networks)}
    return pd.DataFrame(rows, columns=[*SHOWN, *(f"accuracy_{name}" for name in _datasets(networks))])


def _accuracy(
    record: HardwareRecord, row: Mapping[str, Any], networks: Sequence[Trained], dataset: str
) -> float | None:
    """Of the network that was trained so; on a CPU, with as many threads."""
    used = next(entry for entry in record.targets if entry.name == row["target"])
    device, precision = used.target.device, used.target.precision
    for entry in networks:
        same = (entry.dataset, entry.model, shown(entry.optimizer)) == (dataset, row["model"], row["work"])
        alike = (entry.device, entry.precision) == (device, precision)
        if same and alike and (device != "cpu" or entry.threads == used.threads):
            return entry.accuracy
    return None


def _datasets(networks: Sequence[Trained]) -> list[str]:
    return list(dict.fromkeys(entry.dataset for entry in networks))


def _cases(study: Study, record: HardwareRecord, here: pd.DataFrame, networks: Sequence[Trained]) -> Item:
    data = with_accuracies(record, here, networks)
    batch = [Column(title="Batch", of="batch_size")] if workloads.several_batches(record) else []
    device = [Column(title="Device (MiB)", of="device_bytes", format=mebibytes)]
    return table(
        slug("hardware", record.name),
        (
            f"`{record.name}`: {_learned(study, networks)}time of a training step or an inference batch of "
            f"{batches(record)}, median with 95 % interval; images per second; the time of one pass over "
            f"{count(study.used(study.datasets[0], 'train'))} images; peak resident memory of a process of "
            f"its own; and FLOPs of the step as torch counts them. {protocol(record)}{load(record)}"
        ),
        data,
        [
            leading("Target", "target", str),
            leading("Work", "work", str),
            leading("Network", "model"),
            *batch,
            *(_accuracy_column(study, dataset) for dataset in _datasets(networks)),
            Column(title="Step (ms)", of="seconds", format=milliseconds),
            Column(title="Interval (ms)", of=("seconds_low", "seconds_high"), format=milliseconds_span),
            Column(title="Images/s", of="images_per_second", format="{:.0f}".format),
            Column(
                title="Epoch (s)", of="epoch_seconds", format=same_decimals(data["epoch_seconds"].tolist())
            ),
            Column(title="Memory (MiB)", of="memory_bytes", format=mebibytes),
            *(device if data["device_bytes"].notna().any() else []),
            Column(title="GFLOPs", of="step_flops", format=giga),
        ],
        [study.source("hardware", record.name), *sources(study, networks)],
        wide=True,
        notes=not_measured(record),
    )


def _accuracy_column(study: Study, dataset: str) -> Column:
    return Column(
        title=f"{study.title(dataset)} (%)",
        of=f"accuracy_{dataset}",
        format=lambda accuracy: percent(accuracy, 1),
    )


def _learned(study: Study, networks: Sequence[Trained]) -> str:
    if not networks:
        return ""
    return (
        "test accuracy of the networks that this study trained, at "
        f"{study.params.train.image_size} pixels, on the same kind of device in the same precision, on a CPU "
        f"with as many threads ({ABSENT}: not trained so); "
    )
