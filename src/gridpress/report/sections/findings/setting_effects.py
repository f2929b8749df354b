"""What changing one setting does, the strongest change first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gridpress.report.analysis.effects import AxisEffect, axis_effects
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import AXIS_TITLES


@dataclass(frozen=True)
class SettingEffects:
    """What one change of a setting does on every dataset; `strongest` by absolute difference."""

    title: str
    move: str
    effects: Sequence[AxisEffect]
    single_runs: bool

    @property
    def strongest(self) -> AxisEffect:
        return max(self.effects, key=lambda entry: abs(entry.result.difference))

    @property
    def told_apart(self) -> list[AxisEffect]:
        return [entry for entry in self.effects if entry.distinguishable]

    @property
    def not_told_apart(self) -> list[AxisEffect]:
        return [entry for entry in self.effects if not entry.distinguishable]


def settings(study: Study) -> list[SettingEffects]:
    """Changes by the size of their strongest effect, the largest first."""
    found: dict[tuple[str, str], list[AxisEffect]] = {}
    for entry in axis_effects(study):
        found.setdefault((AXIS_TITLES[entry.axis], entry.move), []).append(entry)
    single = len(study.params.train.grid.seed) == 1
    groups = [SettingEffects(title, move, effects, single) for (title, move), effects in found.items()]
    return sorted(groups, key=lambda group: -abs(group.strongest.result.difference))
