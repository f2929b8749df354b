"""The hardware part of the report: what the networks cost on each machine, and what that buys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.sections.hardware import (
    agreement,
    conventions,
    dashboard,
    machine_comparison,
    performance,
    published_times,
    returns,
    roofline,
    scaling,
    speedups,
)
from gridpress.report.sections.hardware.facts import HardwareFacts, facts
from gridpress.report.sections.hardware.workloads import INFERENCE, cases

__all__ = ["INFERENCE", "SECTIONS", "HardwareFacts", "cases", "facts"]


def glance(study: Study) -> Iterator[Item]:
    """Every machine by itself, then all beside each other."""
    yield from dashboard.items(study)
    yield from machine_comparison.items(study)


def value(study: Study) -> Iterator[Item]:
    """What time and FLOPs give."""
    yield from returns.time_against_flops(study)
    yield from returns.return_on_compute(study)


SECTIONS: dict[str, Callable[[Study], Iterable[Item]]] = {
    "dashboard": glance,
    "hardware": performance.items,
    "speedup": speedups.items,
    "roofline": roofline.items,
    "return": value,
    "flops": conventions.items,
    "agreement": agreement.items,
    "growth": scaling.growth,
    "hardware-svm": scaling.svm,
    "published-hardware": published_times.items,
}
