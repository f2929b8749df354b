"""What each setting does to the test accuracy: paired differences over matched configurations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Figure, Item
from gridpress.report.presentation.names import AXIS_TITLES, p_value, points, shown
from gridpress.report.presentation.tables import Column, interval, leading, table, words
from gridpress.report.sections.networks.effects_plot import draw
from gridpress.stats.effects import Effect, effect
from gridpress.stats.intervals import ALPHA
from gridpress.stats.multiple_comparisons import holm
from gridpress.study.grid import CONFIGURATION

VERDICTS = {True: "distinguishable", False: "not distinguishable"}


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
    last = study.params.train.test_epochs[-1]
    grid = study.params.train.grid
    found = []
    for dataset in study.datasets:
        runs = study.runs[study.runs["dataset"] == dataset]
        moves = [(axis, list(getattr(grid, axis))) for axis in study.varied]
        moves.append(("epoch", list(study.params.train.test_epochs)))
        for axis, values in moves:
            part = runs if axis == "epoch" else runs[runs["epoch"] == last]
            for second in values[1:]:
                result = paired(part, axis, values[0], second)
                if result is not None:
                    found.append(AxisEffect(dataset, axis, values[0], second, result))
    adjusted = holm([entry.result.p_value for entry in found])
    return [replace(entry, adjusted_p=p) for entry, p in zip(found, adjusted, strict=True)]


def effects_of_settings(study: Study) -> Iterator[Item]:
    """The table of effects, and its picture."""
    found = axis_effects(study)
    if not found:
        return
    data = _frame(found)
    sources = study.sources("train", study.configurations["keys"])
    yield _table(study, data, sources)
    largest = max(found, key=lambda entry: abs(entry.result.difference))
    yield Figure(
        name="effects",
        caption=(
            "The effects of @tbl-effects with their intervals. Filled: distinguishable from no effect; "
            "open: not distinguishable."
        ),
        alt=(
            f"Dot plot of paired differences. The largest: {largest.contrast} on "
            f"{study.title(largest.dataset)} changes test accuracy by "
            f"{points(largest.result.difference)} points."
        ),
        data=data,
        sources=sources,
        draw=partial(draw, data, study.title),
    )


def _frame(found: Sequence[AxisEffect]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "dataset": entry.dataset,
                "axis": entry.axis,
                "first": entry.first,
                "second": entry.second,
                "contrast": entry.contrast,
                "difference": entry.result.difference,
                "low": entry.result.interval.low,
                "high": entry.result.interval.high,
                "pairs": entry.result.pairs,
                "rising": entry.result.rising,
                "p": entry.adjusted_p,
                "seeds": entry.result.seeds,
                "distinguishable": entry.distinguishable,
            }
            for entry in found
        ]
    )


def _table(study: Study, data: pd.DataFrame, sources: Sequence[str]) -> Item:
    seeds = len(study.params.train.grid.seed)
    over = f"the pairs and the {seeds} seeds" if seeds > 1 else "the pairs"
    noise = (
        "Pairs and seeds are both samples: the variances of their means are added, with Satterthwaite's "
        "degrees of freedom."
        if seeds > 1
        else "With one seed these are differences of single runs: seed noise is not measured."
    )
    return table(
        "effects",
        (
            "Effect of each setting on test accuracy in points, over matched pairs of configurations that "
            f"differ in it alone, with 95 % t intervals over {over}. Rises: in how many of the pairs it "
            "does; an average can hide that a setting helps some configurations and harms others. p: t test, "
            f"Holm-corrected over this table; the intervals are not corrected. {noise}"
        ),
        data,
        [
            leading("Dataset", "dataset", study.title),
            leading("Setting", "axis", AXIS_TITLES.__getitem__),
            leading("Change", "contrast"),
            Column(title="Difference", of="difference", format=points),
            interval("low", "high", format=points),
            Column(title="Rises", of=("rising", "pairs"), format="{} of {}".format),
            Column(title="p", of="p", format=p_value),
            words("Verdict", "distinguishable", VERDICTS.__getitem__),
        ],
        sources,
        wide=True,
    )
