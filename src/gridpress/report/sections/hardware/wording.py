"""How times, rates and machines are written in the hardware part."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from gridpress.benchmark.records.cases import TimingInterval
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.messages import counted
from gridpress.report.analysis.workloads import absent
from gridpress.report.presentation.markup import escape
from gridpress.report.presentation.names import ABSENT, count, in_seconds, listed

NOT_DISTINGUISHABLE = "not distinguishable"


def title(record: HardwareRecord) -> str:
    """The machine in Markdown: its name, processor, cores and GPUs."""
    gpus = listed(dict.fromkeys(gpu.model for gpu in record.machine.gpus) or ["no GPU"])
    cores = record.machine.usable_cores
    return (
        f"`{record.name}` ({escape(record.machine.processor_name)}, "
        f"{counted(cores, 'core')}, "
        f"{escape(gpus)}, {escape(record.vector_instructions)})"
    )


def load(record: HardwareRecord) -> str:
    """A sentence that warns of other processes, with a space before it; empty where there were few."""
    if not record.foreign_load.heavy:
        return ""
    return " Other processes used much of the machine meanwhile: its times are unreliable."


def loads(records: Iterable[HardwareRecord]) -> str:
    """The same for what several machines share."""
    heavy = [f"`{record.name}`" for record in records if record.foreign_load.heavy]
    return (
        f" Other processes used much of {listed(heavy)} meanwhile: its times are unreliable." if heavy else ""
    )


def not_measured(record: HardwareRecord) -> dict[str, str]:
    """Rows below a table: absent targets, and why they are."""
    return {name: f"Not measured: {reason}" for name, reason in absent(record).items()}


def batches(record: HardwareRecord) -> str:
    """What a step holds: `16 images of 64 pixels a side`."""
    sizes = listed(map(str, record.settings.batch_sizes))
    return f"{sizes} images of {record.settings.image_size} pixels a side"


def protocol(record: HardwareRecord) -> str:
    """How often and after what each case was timed, in a sentence."""
    settings = record.settings
    return (
        f"Each case: {settings.blocks} timed blocks of {counted(settings.block_steps, 'step')}, each after "
        f"{counted(settings.settle_steps, 'step')} untimed; all cases interleaved in random order, after "
        f"{counted(settings.warmup_steps, 'step')} of warm-up."
    )


def code(names: Iterable[str]) -> str:
    """Names as they stand in params.yaml."""
    return listed(f"`{name}`" for name in names)


def milliseconds(duration: float) -> str:
    """With two decimals below ten milliseconds, none from a thousand on."""
    value = 1000 * duration
    return f"{value:.{2 if value < 9.995 else 1 if value < 999.95 else 0}f}"


def milliseconds_span(low: float, high: float) -> str:
    """`9.50 to 10.2`."""
    return f"{milliseconds(low)} to {milliseconds(high)}"


def same_decimals(durations: Sequence[float]) -> Callable[[float], str]:
    """Writes the cells of a column of seconds: all with as many decimals, see `names.in_seconds`."""
    texts = dict(zip(durations, in_seconds(durations), strict=True))
    return lambda duration: texts.get(duration, ABSENT)


def estimate(interval: TimingInterval) -> str:
    """`1.80 (1.75 to 1.86)`."""
    return f"{interval.value:.2f} ({span(interval)})"


def ratio(value: float, low: float, high: float) -> str:
    """The same of a ratio; without its value where the interval contains 1."""
    verdict = f"{value:.2f}" if low > 1 or high < 1 else NOT_DISTINGUISHABLE
    return f"{verdict} ({between(low, high)})"


def span(interval: TimingInterval) -> str:
    """`1.75 to 1.86`."""
    return between(interval.low, interval.high)


def between(low: float, high: float, digits: int = 2) -> str:
    """`1.75 to 1.86`, with a true minus."""
    return f"{low:.{digits}f} to {high:.{digits}f}".replace("-", "−")


def mebibytes(size: float) -> str:
    """Bytes as whole MiB, without the unit."""
    return ABSENT if math.isnan(size) else count(size / 2**20)


def giga(rate: float) -> str:
    """Billions, without the unit."""
    return ABSENT if math.isnan(rate) else f"{rate / 1e9:.1f}"


def microseconds(duration: float) -> str:
    """Seconds as microseconds, without the unit."""
    return ABSENT if math.isnan(duration) else f"{1e6 * duration:.1f}"


def three(value: float) -> str:
    """Three significant digits, more before the decimal point where there are more."""
    digits = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    return f"{value:.{digits}f}"
