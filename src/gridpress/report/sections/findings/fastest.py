"""The fastest way to train on each machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis.timed_cases import cases
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.sections.hardware import speedups


@dataclass(frozen=True)
class Fastest:
    """The target of a machine with the highest speedup for a training step, and the slowest."""

    machine: str
    model: str
    work: str
    target: str
    baseline: str
    speedup: float
    low: float
    high: float
    distinguishable: bool
    figure: str
    precision: str | None  # of the target, where no network was trained so
    absent: Sequence[str]


def fastest(study: Study) -> list[Fastest]:
    """Per machine, for the network whose training step gains most."""
    table = cases(study)
    if table.empty:
        return []
    found = []
    training = table[(table["phase"] == "training")].dropna(subset=["speedup"])
    for machine, here in training.groupby("machine", sort=False):
        row = max(rows_of(here), key=lambda row: float(row["speedup"]))
        record = study.hardware[str(machine)]
        found.append(
            Fastest(
                machine=str(machine),
                model=row["model"],
                work=row["work"],
                target=row["target"],
                baseline=row["baseline"],
                speedup=row["speedup"],
                low=row["speedup_low"],
                high=row["speedup_high"],
                distinguishable=bool(row["distinguishable"]),
                precision=_untrained(study, record, row["target"]),
                figure=speedups.figure_name(record, row["batch_size"]),
                absent=[target.name for target in record.targets if target.absent is not None],
            )
        )
    return found


def _untrained(study: Study, record: HardwareRecord, target: str) -> str | None:
    precision = next(entry.target.precision for entry in record.targets if entry.name == target)
    return None if precision in study.params.train.grid.precision else precision
