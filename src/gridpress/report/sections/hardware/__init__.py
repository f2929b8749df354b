"""The hardware part of the report: what the networks cost on each machine, and what that buys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.sections.hardware.agreement import loss_agreement
from gridpress.report.sections.hardware.conventions import flops_table
from gridpress.report.sections.hardware.dashboard import dashboards
from gridpress.report.sections.hardware.facts import HardwareFacts, facts
from gridpress.report.sections.hardware.growth import time_growth
from gridpress.report.sections.hardware.machine_comparison import machine_comparison
from gridpress.report.sections.hardware.performance import time_and_memory
from gridpress.report.sections.hardware.published_times import published_times
from gridpress.report.sections.hardware.returns import return_on_compute
from gridpress.report.sections.hardware.roofline import rooflines
from gridpress.report.sections.hardware.speedups import speedup_figures
from gridpress.report.sections.hardware.svm_kernels import svm_kernels
from gridpress.report.sections.hardware.time_flops import time_against_flops

__all__ = ["SECTIONS", "HardwareFacts", "facts"]


def machines(study: Study) -> Iterator[Item]:
    """Every machine by itself, then all beside each other."""
    yield from dashboards(study)
    yield from machine_comparison(study)


def accuracy_per_cost(study: Study) -> Iterator[Item]:
    """What time and FLOPs give."""
    yield from time_against_flops(study)
    yield from return_on_compute(study)


SECTIONS: dict[str, Callable[[Study], Iterable[Item]]] = {
    "dashboard": machines,
    "hardware": time_and_memory,
    "speedup": speedup_figures,
    "roofline": rooflines,
    "return": accuracy_per_cost,
    "flops": flops_table,
    "agreement": loss_agreement,
    "growth": time_growth,
    "hardware-svm": svm_kernels,
    "published-hardware": published_times,
}
