"""How the accuracy of a support vector machine moves with each of its settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gridpress.families.svms import inline
from gridpress.report.data.frames import MEASURED, rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import (
    AXIS_TITLES,
    SVM_AXES,
    configuration,
    listed,
    percent,
    points,
    shown,
)
from gridpress.stats.intervals import ALPHA
from gridpress.stats.multiple_comparisons import holm
from gridpress.stats.significance import Paired, mcnemar


@dataclass(frozen=True)
class Line:
    """SVMs that differ in one setting alone, by its value: numbers rising, then words.

    Attributes:
        label: the settings that they share.
        rows: of `Study.svms`, two or more.
        paired: the last against the first on the same test images; a positive difference is a rise.
        adjusted_p: Holm-corrected over all lines of the setting.
    """

    label: str
    rows: Sequence[Mapping[str, Any]]
    paired: Paired
    adjusted_p: float


@dataclass(frozen=True)
class TrendPanel:
    """The lines of a kernel on a dataset."""

    dataset: str
    title: str  # of the dataset
    kernel: str
    lines: Sequence[Line]

    @property
    def words(self) -> str:
        """What test accuracy does from one end of the lines to the other."""
        changes = sorted((line.paired.difference for line in self.lines), key=abs)
        told = sum(line.adjusted_p < ALPHA for line in self.lines)
        if told == len(changes) and len({change > 0 for change in changes}) == 1:
            moves = "rises" if changes[0] > 0 else "falls"
            return f"{moves} by {_span([percent(abs(change)) for change in changes])} points"
        span = f"{_span([points(change) for change in sorted(changes)])} points"
        if not told:
            return f"does not change distinguishably ({span})"
        return f"changes by {span}, distinguishably in {told} of {len(changes)} lines"


@dataclass(frozen=True)
class Trend:
    """One setting and its panels, by kernel, then dataset."""

    axis: str
    panels: Sequence[TrendPanel]

    @property
    def title(self) -> str:
        return AXIS_TITLES[self.axis]

    @property
    def ticks(self) -> list[Any]:
        """All values of the setting that a line holds."""
        return _ordered(row[self.axis] for panel in self.panels for line in panel.lines for row in line.rows)

    @property
    def sentence(self) -> str:
        """What the setting does to test accuracy, dataset by dataset."""
        ends = {
            tuple(shown(line.rows[place][self.axis]) for place in (0, -1))
            for panel in self.panels
            for line in panel.lines
        }
        numbers = not any(isinstance(value, str) for value in self.ticks)
        several = ("the lowest", "the highest value") if numbers else ("the first", "the last value")
        first, last = ends.pop() if len(ends) == 1 else several
        kernels = len({panel.kernel for panel in self.panels})
        clauses: dict[str, list[str]] = {}
        for panel in self.panels:
            where = f" with the {inline(panel.kernel)} kernel" if kernels > 1 else ""
            clauses.setdefault(panel.title, []).append(f"{panel.words}{where}")
        told = (f"on {title} test accuracy {listed(words)}" for title, words in clauses.items())
        return f"from {first} to {last}: {'; '.join(told)}"


def _span(texts: Sequence[str]) -> str:
    return texts[0] if texts[0] == texts[-1] else f"{texts[0]} to {texts[-1]}"


def _ordered(values: Iterator[Any] | Sequence[Any]) -> list[Any]:
    found = list(dict.fromkeys(values))
    return sorted(found, key=lambda value: (isinstance(value, str), 0 if isinstance(value, str) else value))


def trends(study: Study) -> list[Trend]:
    """One per setting that takes two or more values while everything else stays equal."""
    found = (_trend(study, axis) for axis in ("C", "degree", "gamma"))
    return [trend for trend in found if trend is not None]


def _trend(study: Study, axis: str) -> Trend | None:
    table = study.svms[study.svms["state"] == MEASURED]
    others = [name for name in SVM_AXES if name != axis]
    groups = []
    for kernel in table["kernel"].unique():
        for dataset in study.datasets:
            here = table[(table["kernel"] == kernel) & (table["dataset"] == dataset)].dropna(subset=[axis])
            for _, part in here.groupby(others, sort=False, dropna=False):
                by_value = {row[axis]: row for row in reversed(rows_of(part))}
                rows = [by_value[value] for value in _ordered(part[axis])]
                if len(rows) > 1:
                    groups.append((str(kernel), dataset, configuration(rows[0], others), rows))
    paired = [_compare(study, rows) for *_, rows in groups]
    adjusted = holm([result.p_value for result in paired])
    panels: dict[tuple[str, str], list[Line]] = {}
    for (kernel, dataset, label, rows), result, p in zip(groups, paired, adjusted, strict=True):
        panels.setdefault((kernel, dataset), []).append(Line(label, rows, result, p))
    return (
        Trend(
            axis,
            [
                TrendPanel(dataset, study.title(dataset), kernel, lines)
                for (kernel, dataset), lines in panels.items()
            ],
        )
        if panels
        else None
    )


def _compare(study: Study, rows: Sequence[Mapping[str, Any]]) -> Paired:
    first, last = study.svm[rows[0]["key"]], study.svm[rows[-1]["key"]]
    return mcnemar(last.test.misclassified.index, first.test.misclassified.index, last.test_samples)
