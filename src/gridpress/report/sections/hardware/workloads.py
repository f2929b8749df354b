"""Pieces of work on the targets of a machine: as a table, against each other, and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from gridpress.benchmark.cases import REFERENCE
from gridpress.benchmark.records.cases import Baseline, CaseRecord, TargetComparison
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.benchmark.records.timing import TimingInterval
from gridpress.report.data.study import Study
from gridpress.report.presentation.markup import escape
from gridpress.report.presentation.names import listed, shown

INFERENCE = "inference"
SPACE = "\u202f"  # between thousands
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


class Work(NamedTuple):
    """What is done in a step, wherever it is done; `optimizer` is None for inference."""

    model: str
    optimizer: str | None
    batch_size: int

    @classmethod
    def of(cls, entry: CaseRecord | TargetComparison | Baseline) -> Work:
        return cls(entry.model, entry.optimizer, entry.batch_size)


def work(entry: CaseRecord | TargetComparison | Work) -> str:
    """The optimizer of a training step, or inference."""
    return INFERENCE if entry.optimizer is None else shown(entry.optimizer)


def measured(record: HardwareRecord) -> list[str]:
    """Targets that were there, in the order of params.yaml."""
    return [target.name for target in record.targets if target.absent is None]


def absent(record: HardwareRecord) -> list[str]:
    """Targets that were not."""
    return [target.name for target in record.targets if target.absent is not None]


def accelerators(record: HardwareRecord) -> list[str]:
    """Targets that were there and are no CPU."""
    return [
        target.name for target in record.targets if target.absent is None and target.target.device != "cpu"
    ]


def reference(record: HardwareRecord) -> str | None:
    """The target that others are held against: fp32 on one CPU thread, or the first that was measured."""
    plain = [target.name for target in record.targets if target.target == REFERENCE and not target.absent]
    return next(iter([*plain, *measured(record)]), None)


def tuned(record: HardwareRecord, item: Work) -> str | None:
    """The CPU target of least time for a piece of work: threads, precision and memory format at their best."""
    return next((entry.target for entry in record.cpu_baselines if Work.of(entry) == item), None)


def find(record: HardwareRecord, item: Work, target: str) -> CaseRecord | None:
    """The case of a piece of work on a target."""
    return next((c for c in record.cases if Work.of(c) == item and c.target == target), None)


def works(record: HardwareRecord) -> list[Work]:
    """Each piece of work once, in the order measured."""
    return list(dict.fromkeys(Work.of(case) for case in record.cases))


def speedup(record: HardwareRecord, item: Work, target: str, baseline: str | None) -> TimingInterval | None:
    """How many times as fast as on `baseline`; None where the two were not compared.

    The record holds every pair once; the other way round is the reciprocal, whose ends change places.
    """
    for entry in record.comparisons:
        if Work.of(entry) == item:
            if (entry.target, entry.baseline) == (target, baseline):
                return entry.speedup
            if (entry.target, entry.baseline) == (baseline, target):
                there = entry.speedup
                return TimingInterval(value=1 / there.value, low=1 / there.high, high=1 / there.low)
    return None


def fastest(record: HardwareRecord, item: Work) -> CaseRecord:
    """The case of least median time."""
    return min(
        (case for case in record.cases if Work.of(case) == item), key=lambda case: case.seconds.median.value
    )


def cases(study: Study) -> pd.DataFrame:
    """One row per machine and timed case.

    Times are seconds per step with the ends of their 95 % interval; `epoch_seconds` is one pass over the
    study's training images; `flops` are fvcore's for one image's forward pass, `step_flops` torch's for
    the step; `rate` and `attainable` are FLOP/s; `speedup` is over `baseline`, the machine's reference
    target, with its interval.
    """
    images = study.params.data.images("train")
    rows = [row for name, record in study.hardware.items() for row in _rows(name, record, images)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(machine: str, record: HardwareRecord, images: int) -> Iterator[dict[str, object]]:
    baseline = reference(record)
    for case in record.cases:
        compared = speedup(record, Work.of(case), case.target, baseline)
        median, roof = case.seconds.median, case.roofline
        nothing = float("nan")
        yield {
            "machine": machine,
            "target": case.target,
            "phase": case.phase,
            "work": work(case),
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


def title(record: HardwareRecord) -> str:
    """The machine in Markdown: its name, processor, cores and GPUs."""
    gpus = (
        listed(dict.fromkeys(gpu.model for gpu in record.machine.gpus)) if record.machine.gpus else "no GPU"
    )
    cores = record.machine.usable_cores
    return (
        f"`{record.name}` ({escape(record.machine.processor_name)}, {cores} {'core' if cores == 1 else 'cores'}, "
        f"{escape(gpus)}, {escape(record.vector_instructions)})"
    )


def load(record: HardwareRecord) -> str:
    """A sentence that warns of other processes, with a space before it; empty where there were few."""
    if not record.foreign_load.heavy:
        return ""
    return " Other processes used much of the machine meanwhile, so its times are doubtful."


def loads(records: Iterable[HardwareRecord]) -> str:
    """The same for what several machines share."""
    heavy = [f"`{record.name}`" for record in records if record.foreign_load.heavy]
    if not heavy:
        return ""
    return f" Other processes used much of {listed(heavy)} meanwhile, so its times are doubtful."


def batches(record: HardwareRecord) -> str:
    """What a step holds: `16 images of 64 pixels a side`."""
    sizes = listed(map(str, record.settings.batch_sizes))
    return f"{sizes} images of {record.settings.image_size} pixels a side"


def protocol(record: HardwareRecord) -> str:
    """How often and after what each case was timed, in a sentence."""
    settings = record.settings
    return (
        f"Each case: {settings.blocks} timed blocks of {_steps(settings.block_steps)}, each after "
        f"{_steps(settings.settle_steps)} untimed; all cases interleaved in random order, after "
        f"{_steps(settings.warmup_steps)} of warm-up."
    )


def _steps(number: int) -> str:
    return f"{number} {'step' if number == 1 else 'steps'}"


def code(names: Iterable[str]) -> str:
    """Names as they stand in params.yaml."""
    return listed(f"`{name}`" for name in names)


def milliseconds(duration: float) -> str:
    """With two decimals below ten milliseconds, none from a thousand on."""
    value = 1000 * duration
    return f"{value:.{2 if value < 9.995 else 1 if value < 999.95 else 0}f}"


def times(interval: TimingInterval) -> str:
    """`1.80 (1.75 to 1.86)`, ratios."""
    return f"{interval.value:.2f} ({span(interval)})"


def span(interval: TimingInterval, digits: int = 2) -> str:
    """`1.75 to 1.86`."""
    return f"{interval.low:.{digits}f} to {interval.high:.{digits}f}".replace("-", "−")


def mebibytes(size: float) -> str:
    """Without decimals, thousands apart."""
    return f"{size / 2**20:,.0f}".replace(",", SPACE)


def scaled(rate: float, unit: str) -> str:
    """Three significant digits with an SI prefix: `1.25 TFLOP/s`."""
    for factor, prefix in ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M")):
        if rate >= 0.9995 * factor:
            return f"{three(rate / factor)} {prefix}{unit}"
    return f"{three(rate)} {unit}"


def three(value: float) -> str:
    """Three significant digits, more before the decimal point where there are more."""
    digits = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    return f"{value:.{digits}f}"
