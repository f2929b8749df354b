"""How long stages will take, as far as the timings of earlier runs tell."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from statistics import median
from typing import Any, Generic, TypeVar

from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.families.registry import FAMILIES, AnyFamily
from gridpress.stages import runs_by_name
from gridpress.study.project import Project
from gridpress.study.records.store import load
from gridpress.system.machine import Machine

U = TypeVar("U")


class Rates(Generic[U]):
    """How fast each unit was computed, on one kind of machine and on any."""

    def __init__(self, kind: str | None) -> None:
        self.kind = kind
        self.there: dict[U, list[float]] = defaultdict(list)
        self.all: dict[U, list[float]] = defaultdict(list)

    def add(self, unit: U, machine: Machine, rate: float) -> None:
        self.all[unit].append(rate)
        if machine.kind == self.kind:
            self.there[unit].append(rate)

    def medians(self) -> dict[U, float]:
        return {unit: median(self.there.get(unit, rates)) for unit, rates in self.all.items()}


def estimates(
    project: Project, params: Params, names: Iterable[str], machine: str | None
) -> dict[str, float | None]:
    """Seconds of each stage, or None where no earlier run says anything of it.

    Of the runs that tell most, those count that were timed on one kind of machine, `Machine.kind`, if there
    are any, else or for None those of all machines.
    """
    runs = runs_by_name(params)
    rates = {family.stage: _rates(project, family, machine) for family in FAMILIES}

    def estimate(name: str) -> float | None:
        if name not in runs:
            return None
        stage, run = runs[name]
        try:
            members = stage.computed(run, params, project)
        except GridpressError:  # what it depends on is not chosen yet
            return None
        each = [
            member.family.seconds(member.run, member.params, rates[member.family.stage]) for member in members
        ]
        known = [seconds for seconds in each if seconds is not None]
        return sum(known) if len(known) == len(each) else None

    return {name: estimate(name) for name in names}


def longest_first(names: Iterable[str], seconds: dict[str, float | None]) -> list[str]:
    """An order that leaves no core idle at the end: unknown ones first, as they may be long."""

    def shortness(name: str) -> float:
        known = seconds[name]
        return -math.inf if known is None else -known

    return sorted(names, key=shortness)


def makespan(names: Iterable[str], seconds: dict[str, float | None], jobs: int) -> float | None:
    """Seconds until all are done with so many at once, or None if one is unknown."""
    each = [seconds[name] for name in names]
    known = [value for value in each if value is not None]
    if len(known) < len(each):
        return None
    return max([sum(known) / jobs, *known], default=0.0)


def _rates(project: Project, family: AnyFamily, machine: str | None) -> dict[tuple[Any, ...], float]:
    """What the finished runs of a family say of the time of others, by what makes them alike."""
    rates: Rates[tuple[Any, ...]] = Rates(machine)
    for path in sorted((project.metrics / "timing" / family.stage).glob("*.json")):
        try:
            record = load(family.record, project.record(family.stage, path.stem))
            timing = load(family.timing, path)
        except GridpressError:  # a stage whose record is gone or broken tells nothing
            continue
        if rate := family.rate(record, timing):
            rates.add(rate.unit, timing.machine, rate.seconds)
    return rates.medians()
