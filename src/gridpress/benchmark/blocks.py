"""Repeated blocks of seconds as the record holds them: medians with intervals, and fitted growth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gridpress.benchmark.cases import Axis
from gridpress.benchmark.records.cases import BlockTiming, TimingInterval
from gridpress.benchmark.records.hardware import Growing, Growth
from gridpress.benchmark.spread import Estimate, median, power_law, rounded
from gridpress.config.values import Name, NetworkName


def interval(estimate: Estimate) -> TimingInterval:
    """Six significant digits of each."""
    return TimingInterval(**{key: rounded(value) for key, value in estimate._asdict().items()})


def block_timing(blocks: Sequence[float]) -> BlockTiming:
    """The spread of seconds per step."""
    lower, upper = (rounded(float(np.percentile(blocks, percent))) for percent in (25, 75))
    return BlockTiming(
        blocks=list(blocks),
        median=interval(median(blocks)),
        lower_quartile=lower,
        upper_quartile=upper,
    )


def growth(
    work: Growing,
    axis: Axis,
    sizes: Sequence[int],
    seconds: Sequence[Sequence[float]],
    *,
    held: int,
    model: NetworkName | None = None,
    target: Name | None = None,
) -> Growth:
    """A power law fitted to the repeats at each size."""
    law = power_law(sizes, seconds)
    return Growth(
        work=work,
        axis=axis,
        model=model,
        target=target,
        sizes=list(sizes),
        held=held,
        seconds=[block_timing(blocks) for blocks in seconds],
        exponent=interval(law.exponent),
        coefficient=rounded(law.coefficient),
        misfit=rounded(law.misfit),
    )
