"""Tables of the other classifiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import nan
from typing import Any

import pandas as pd

from gridpress.families.baselines import BASELINES
from gridpress.report.analysis import recipes
from gridpress.report.analysis.best import of_family, overall
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item, slug
from gridpress.report.presentation.markup import MARK, escape
from gridpress.report.presentation.names import configuration, count, percent
from gridpress.report.presentation.tables import Column, durations, interval, leading, table, words
from gridpress.stats.intervals import wilson


def tables(study: Study) -> Iterator[Item]:
    """Per dataset, every one with its accuracies, size and times."""
    bests = of_family(study, BASELINES)
    chosen = {best.key for best in overall(bests).values()}
    by_estimator = {best.key for best in bests}
    for dataset in study.datasets:
        rows = [
            _row(study, key, chosen, by_estimator)
            for key, run in BASELINES.runs(study.params).items()
            if run.dataset == dataset and key in study.records[BASELINES.stage]
        ]
        if not rows:
            continue
        data = pd.DataFrame(rows)
        several = bool(data["title"].duplicated().any())
        bold = ", bold the choice for each estimator" if several else ""
        keys = [str(key) for key in data["key"]]
        timed = [key for key in keys if key in study.times.timings[BASELINES.stage]]
        yield table(
            slug("baseline", dataset),
            (
                f"{study.title(dataset)}: other classifiers of scikit-learn, trained on the same "
                f"{count(study.used(dataset, 'train'))} images. {MARK} marks the one that validation "
                f"chose{bold}. Size: the numbers that the fitted classifier keeps (coefficients, training "
                "images, or three for each node of a tree); * its solver stopped before it converged. "
                f"Times: {escape(study.times.clock)}; prediction of the validation and the test images. "
                "Other measures of the choice for each estimator, with intervals: @tbl-measures."
            ),
            data,
            [
                leading("Classifier", "title"),
                words("Settings", "settings"),
                Column(title="Train (%)", of="train_accuracy", format=percent),
                Column(title="Validation (%)", of="validation_accuracy", format=percent),
                Column(
                    title="Test (%)",
                    of="test_accuracy",
                    format=percent,
                    bold="chosen_for_estimator" if several else False,
                    marked="chosen",
                    link="record",
                ),
                interval("low", "high"),
                Column(title="Macro F1 (%)", of="macro_f1", format=percent),
                Column(title="Size", of=("stored", "converged"), format=_size),
                durations("Fit (s)", "fit_seconds", data),
                durations("Prediction (s)", "predict_seconds", data),
            ],
            [
                *study.sources(BASELINES.stage, keys),
                *study.sources(f"timing/{BASELINES.stage}", timed),
            ],
            wide=True,
        )


def _row(study: Study, key: str, chosen: set[str], by_estimator: set[str]) -> Mapping[str, Any]:
    record = study.records[BASELINES.stage][key]
    timing = study.times.timings[BASELINES.stage].get(key)
    ends = wilson(record.test.accuracy * record.test.images, record.test.images)
    settings = BASELINES.settings(record, study.params)
    return {
        "key": key,
        "title": BASELINES.title(record.config.estimator),
        "settings": configuration(settings, list(settings)),
        "train_accuracy": record.train_accuracy,
        "validation_accuracy": record.validation.accuracy,
        "test_accuracy": record.test.accuracy,
        "low": ends.low,
        "high": ends.high,
        "macro_f1": record.test.macro_f1,
        "stored": record.stored,
        "converged": record.converged,
        "fit_seconds": timing.fit_seconds if timing else nan,
        "predict_seconds": timing.predict_seconds if timing else nan,
        "chosen": key in chosen,
        "chosen_for_estimator": key in by_estimator,
        "record": recipes.link(BASELINES.stage, key),
    }


def _size(stored: int, converged: bool) -> str:
    return f"{count(stored)}{'' if converged else '*'}"
