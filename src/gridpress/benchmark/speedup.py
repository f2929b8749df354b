"""Targets against each other on the same work, and the CPU at its best."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

from gridpress.benchmark.blocks import interval
from gridpress.benchmark.records.cases import Baseline, CaseRecord, TargetComparison
from gridpress.benchmark.spread import ratio


def comparisons(cases: Sequence[CaseRecord]) -> list[TargetComparison]:
    """Every pair of targets on every piece of work; of a pair, the one measured first is the baseline."""
    return [
        _compare(baseline, target) for alike in _by_work(cases) for baseline, target in combinations(alike, 2)
    ]


def cpu_baselines(cases: Sequence[CaseRecord], cpu_targets: Collection[str]) -> list[Baseline]:
    """For every piece of work the fastest CPU target: threads, precision and memory format at their best."""
    found = []
    for alike in _by_work(cases):
        on_cpu = [case for case in alike if case.target in cpu_targets]
        if on_cpu:
            best = min(on_cpu, key=lambda case: case.seconds.median.value)
            found.append(
                Baseline(
                    model=best.model,
                    phase=best.phase,
                    optimizer=best.optimizer,
                    batch_size=best.batch_size,
                    target=best.target,
                )
            )
    return found


def _by_work(cases: Sequence[CaseRecord]) -> list[list[CaseRecord]]:
    works: dict[tuple[object, ...], list[CaseRecord]] = {}
    for case in cases:
        works.setdefault((case.model, case.optimizer, case.batch_size), []).append(case)
    return list(works.values())


def _compare(baseline: CaseRecord, target: CaseRecord) -> TargetComparison:
    speedup = interval(ratio(baseline.seconds.blocks, target.seconds.blocks))
    return TargetComparison(
        model=target.model,
        phase=target.phase,
        optimizer=target.optimizer,
        batch_size=target.batch_size,
        target=target.target,
        baseline=baseline.target,
        speedup=speedup,
        distinguishable=speedup.excludes(1),
    )
