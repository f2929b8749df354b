"""The list of all tables and figures of a study, in the order of the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.sections import hardware
from gridpress.report.sections.baselines import baseline_tables
from gridpress.report.sections.claims.table import claims_table
from gridpress.report.sections.errors import classes, shared_errors
from gridpress.report.sections.networks import curves, effects, grid_tables, noise, overfitting
from gridpress.report.sections.published import comparison
from gridpress.report.sections.selected import (
    best_tables,
    calibration,
    final_models,
    learning_curves,
    measures,
    pareto,
    use_cases,
)
from gridpress.report.sections.setup import study_setup
from gridpress.report.sections.sources import provenance
from gridpress.report.sections.svm import fit_time, heatmaps, svm_tables, trend_plots

SECTIONS: dict[str, Callable[[Study], Iterable[Item]]] = {
    "samples": study_setup.samples,
    "split": study_setup.split,
    "parameters": study_setup.parameters,
    "machines": study_setup.machines,
    "grid": grid_tables.grid_tables,
    "matrix": grid_tables.accuracy_matrix,
    "noise": noise.seed_and_image_noise,
    "effects": effects.effects_of_settings,
    "overfitting": overfitting.train_validation_gaps,
    "best": best_tables.best_networks,
    "classes": classes.tables,
    "confusion": classes.figures,
    "misses": shared_errors.figures,
    "svm": svm_tables.tables,
    "kernels": heatmaps.kernel_heatmaps,
    "svm-trends": trend_plots.figures,
    "svm-time": fit_time.accuracy_and_fit_time,
    "baseline": baseline_tables.tables,
    "learning-curve": learning_curves.accuracy_and_size,
    "final": final_models.final_models,
    "final-measures": measures.of_final_models,
    "cross": best_tables.cross_method,
    "measures": measures.measures,
    "time": pareto.time_accuracy_frontier,
    "reliability": calibration.reliability,
    **hardware.SECTIONS,
    "published": comparison.published_accuracies,
    "claims": claims_table,
    "methods": use_cases.methods,
    "curves": curves.figures,
}
PROVENANCE = "provenance"  # of all sections above, so it comes last


class Contents(Mapping[str, list[Item]]):
    """Tables and figures by section, each made when it is first asked for.

    A section for which nothing was measured is empty.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._made: dict[str, list[Item]] = {}

    def __getitem__(self, section: str) -> list[Item]:
        if section not in self._made:
            self._made[section] = list(self._items(section))
        return self._made[section]

    def __iter__(self) -> Iterator[str]:
        yield from SECTIONS
        yield PROVENANCE

    def __len__(self) -> int:
        return len(SECTIONS) + 1

    def _items(self, section: str) -> Iterable[Item]:
        if section == PROVENANCE:
            return provenance.of_items({name: self[name] for name in SECTIONS})
        return SECTIONS[section](self._study)
