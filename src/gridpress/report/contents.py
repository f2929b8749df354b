"""The list of all tables and figures of a study, in the order of the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gridpress.report import (
    choices,
    claims,
    classes,
    compare,
    cost,
    curves,
    effects,
    hardware,
    misses,
    noise,
    overfitting,
    provenance,
    resnet,
    setup,
    svm,
    trend_plots,
    usecases,
)
from gridpress.report.items import Item
from gridpress.report.study import Study

SECTIONS: dict[str, Callable[[Study], Iterable[Item]]] = {
    "samples": setup.samples,
    "split": setup.split,
    "parameters": setup.parameters,
    "machines": setup.machines,
    "grid": resnet.grid_tables,
    "matrix": resnet.accuracy_matrix,
    "noise": noise.items,
    "effects": effects.items,
    "overfitting": overfitting.items,
    "best": choices.best_networks,
    "classes": classes.tables,
    "confusion": classes.figures,
    "misses": misses.figures,
    "svm": svm.tables,
    "kernels": svm.kernel_heatmaps,
    "svm-trends": trend_plots.figures,
    "svm-time": svm.accuracy_and_fit_time,
    "cross": choices.cross_method,
    "time": cost.items,
    **hardware.SECTIONS,
    "published": compare.items,
    "claims": claims.items,
    "methods": usecases.items,
    "curves": curves.figures,
}
PROVENANCE = "provenance"  # of all sections above, so it comes last


def contents(study: Study) -> dict[str, list[Item]]:
    """Tables and figures by section; a section for which nothing was measured is empty."""
    found = {section: list(items(study)) for section, items in SECTIONS.items()}
    return {**found, PROVENANCE: list(provenance.of_items(found))}
