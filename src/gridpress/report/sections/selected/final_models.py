"""The final models: what validation chose, trained on all training images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from gridpress.report.analysis import learning_curves
from gridpress.report.analysis.best import Best
from gridpress.report.analysis.image_counts import images_used
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.markup import escape
from gridpress.report.presentation.names import best_validation, count, listed
from gridpress.report.presentation.tables import durations, leading, table
from gridpress.report.sections.selected.best_tables import (
    DIFFERENCE,
    INTERVAL,
    OVER_SEEDS,
    P_VALUE,
    accuracy,
    compared,
    frame,
    sources,
)


def final_models(study: Study) -> Iterator[Item]:
    """A row per dataset and classifier, and per longer training."""
    bests = learning_curves.final_models(study)
    if not bests:
        return
    longer = [found.best for found in learning_curves.saturation(study)]
    data = _rows(study, bests, longer)
    several = any(best.seeds > 1 for best in bests)
    images = listed(dict.fromkeys(count(best.trained_on) for best in bests))
    grid = images_used(study, "train")
    more = "; the chosen network also with more epochs, one seed" if longer else ""
    chosen = f" with {grid} training images" if grid != images else ""
    by_seeds = (
        " Of several seeds the one with the "
        f"{best_validation(study.metric)} is shown and compared; over seeds: the mean with its 95 % t "
        "interval; the time is the mean over the seeds timed."
        if several
        else ""
    )
    yield table(
        "final",
        (
            f"The final models: the configuration that validation chose{chosen} for each classifier, trained "
            f"on all {images}{more}. Difference: test accuracy minus that of the "
            f"classifier with the {best_validation(study.metric)} (marked), in "
            "points with its 95 % interval; p: exact McNemar test of the two trained classifiers, "
            "Holm-corrected over all comparisons of this table, longer training apart. Training time: "
            f"{escape(study.times.clock)}.{by_seeds} Balanced accuracy and macro F1: @tbl-final-measures."
        ),
        data,
        [
            leading("Dataset", "dataset", study.title),
            leading("Classifier", "name"),
            accuracy(marked="winner"),
            INTERVAL,
            *([OVER_SEEDS] if several else []),
            DIFFERENCE,
            P_VALUE,
            durations("Training time (s)", "training_seconds", data),
        ],
        sources(study, [*bests, *longer]),
        wide=True,
    )


def _rows(study: Study, bests: Sequence[Best], longer: Sequence[Best]) -> pd.DataFrame:
    """The rows of every dataset together, longer trainings last."""
    more = frame(longer)
    if longer:
        more = more.assign(name=[f"{best.name}, {best.epoch} epochs" for best in longer])
    data = pd.concat([compared(bests), more], ignore_index=True)
    return data.sort_values("dataset", key=lambda names: names.map(study.datasets.index), kind="stable")
