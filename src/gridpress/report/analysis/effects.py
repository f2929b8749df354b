"""What each setting does to the test accuracy: paired differences over matched configurations."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from gridpress.report.data.study import Study
from gridpress.report.presentation.names import shown
from gridpress.stats.effects import Effect, effect
from gridpress.stats.intervals import ALPHA
from gridpress.stats.multiple_comparisons import holm
from gridpress.study.grid import CONFIGURATION


@dataclass(frozen=True)
class AxisEffect:
    """Test accuracy at `second` minus that at `first` of an axis, everything else equal."""

    dataset: str
    axis: str
    first: object
    second: object
    result: Effect
    adjusted_p: float = 1.0  # by Holm, over all effects of the study

    @property
    def distinguishable(self) -> bool:
        return self.adjusted_p < ALPHA

    @property
    def move(self) -> str:
        """`from SGD to Adam`."""
        return f"from {shown(self.first)} to {shown(self.second)}"

    @property
    def contrast(self) -> str:
        """`Adam minus SGD`."""
        unit = {"epoch": " epochs", "batch_size": " images"}.get(self.axis, "")
        return f"{shown(self.second)} minus {shown(self.first)}{unit}"


def paired(
    runs: pd.DataFrame, axis: str, first: object, second: object, value: str = "test_accuracy"
) -> Effect | None:
    """Effect of moving along one axis, over all configurations measured at both values with all seeds.

    Args:
        runs: rows of `Study.runs`, of one milestone unless `axis` is `epoch`.
        axis: which setting moves.
        first: where from.
        second: where to.
        value: the column that is compared.
    """
    others = [name for name in [*CONFIGURATION, "epoch"] if name != axis]
    seeds = runs["seed"].unique()

    def square(at: object) -> pd.DataFrame:
        here = runs[runs[axis] == at].set_index([*others, "seed"])[value]
        return here.unstack("seed").reindex(columns=seeds)  # noqa: PD010  nothing is averaged

    differences = (square(second) - square(first)).dropna()
    return effect(differences.to_numpy().tolist())


def axis_effects(study: Study) -> list[AxisEffect]:
    """Per dataset and axis: every value against the first; epochs: every milestone against the first."""
    last = study.params.train.epochs
    grid = study.params.train.grid
    found = []
    for dataset in study.datasets:
        runs = study.runs[study.runs["dataset"] == dataset]
        moves = [(axis, list(getattr(grid, axis))) for axis in study.varied]
        moves.append(("epoch", study.test_epochs))
        for axis, values in moves:
            part = runs if axis == "epoch" else runs[runs["epoch"] == last]
            for second in values[1:]:
                result = paired(part, axis, values[0], second)
                if result is not None:
                    found.append(AxisEffect(dataset, axis, values[0], second, result))
    adjusted = holm([entry.result.p_value for entry in found])
    return [replace(entry, adjusted_p=p) for entry, p in zip(found, adjusted, strict=True)]
