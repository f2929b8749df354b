"""Points of learning curves: what was chosen, trained and tested once more."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from gridpress.config.values import Name
from gridpress.study.records.base import Record
from gridpress.study.records.runs import BaselineRecord, SvmRecord, TrainRecord
from gridpress.study.records.timings import ClassicalTiming, TrainTiming
from gridpress.system.machine import Machine

DECIDING = {"history": "TrainRecord", "support_vectors": "SvmRecord", "stored": "BaselineRecord"}


def _kind(value: Any) -> str:
    if not isinstance(value, dict):
        return type(value).__name__
    return next((name for field, name in DECIDING.items() if field in value), "TrainRecord")


def _kind_of_timing(value: Any) -> str:
    if not isinstance(value, dict):
        return type(value).__name__
    return "ClassicalTiming" if "fit_seconds" in value else "TrainTiming"


Result = Annotated[
    Annotated[TrainRecord, Tag("TrainRecord")]
    | Annotated[SvmRecord, Tag("SvmRecord")]
    | Annotated[BaselineRecord, Tag("BaselineRecord")],
    Discriminator(_kind),
]
ResultTiming = Annotated[
    Annotated[TrainTiming, Tag("TrainTiming")] | Annotated[ClassicalTiming, Tag("ClassicalTiming")],
    Discriminator(_kind_of_timing),
]


class CurveRecord(Record):
    """One classifier or several on a dataset, with a number of training images or epochs of their own."""

    named_by = "key"
    key: str
    dataset: Name
    results: list[Result]


class CurveTiming(Record):
    """The times of these, in the same order."""

    named_by = "key"
    key: str
    timings: list[ResultTiming]

    @property
    def machine(self) -> Machine | None:
        """Where all of them were taken; None where there are none, or where they differ in their machine."""
        machines = [timing.machine for timing in self.timings]
        return machines[0] if machines and all(one == machines[0] for one in machines) else None
