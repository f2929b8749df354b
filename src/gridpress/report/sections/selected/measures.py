"""What the selected classifiers are worth by other measures than accuracy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from gridpress.evaluation.reliability import expected_calibration_error
from gridpress.report.analysis import confusions, recipes
from gridpress.report.analysis.best import Best, classifiers
from gridpress.report.analysis.learning_curves import final_models
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.names import ABSENT, percent
from gridpress.report.presentation.tables import Column, leading, span, table


def measures(study: Study) -> Iterator[Item]:
    """One row per dataset and classifier that validation chose."""
    yield from of(study, classifiers(study), "measures", "The choice of validation for every classifier")


def of_final_models(study: Study) -> Iterator[Item]:
    """The same of the final models."""
    yield from of(study, final_models(study), "final-measures", "The final models")


def of(study: Study, bests: Sequence[Best], name: str, which: str) -> Iterator[Item]:
    """A table of them; nothing where there are none."""
    if not bests:
        return
    data = frame(study, bests)
    yield table(
        name,
        (
            f"{which} on the test images: accuracy, balanced accuracy "
            "(macro recall), macro precision and macro F1 in percent with 95 % intervals (accuracy: Wilson; "
            "others: percentile bootstrap over test images), log loss in nats, and expected calibration "
            "error (ECE) in points. Probabilities of classifiers that give none are those of their decision "
            "values at a temperature that the validation images chose."
        ),
        data,
        [
            leading("Dataset", "dataset", study.title),
            leading("Classifier", "name"),
            _with_interval("Accuracy", "accuracy", link="record"),
            _with_interval("Balanced accuracy", "balanced_accuracy"),
            _with_interval("Macro precision", "macro_precision"),
            _with_interval("Macro F1", "macro_f1"),
            Column(title="Log loss", of="log_loss", format=lambda loss: f"{loss:.3f}"),
            Column(title="ECE", of="ece", format=percent),
        ],
        [
            *(study.source(best.folder, best.key) for best in bests),
            *dict.fromkeys(
                study.source("data", best.dataset) for best in bests if best.dataset in study.data
            ),
        ],
        wide=True,
    )


def frame(study: Study, bests: Sequence[Best]) -> pd.DataFrame:
    """A row each: dataset, name, the measures with `low_` and `high_` ends, log_loss, ece, record."""
    return pd.DataFrame([_row(study, best) for best in bests])


def _row(study: Study, best: Best) -> dict[str, Any]:
    ends = confusions.intervals(study, best.dataset, [best.wrong])._asdict() | {"accuracy": best.interval}
    row: dict[str, Any] = {"dataset": best.dataset, "name": best.name, "key": best.key}
    for name, interval in ends.items():
        row |= {name: getattr(best.test, name), f"low_{name}": interval.low, f"high_{name}": interval.high}
    return {
        **row,
        "log_loss": best.test.log_loss,
        "ece": expected_calibration_error(best.test.reliability.bins),
        "record": recipes.link(best.folder, best.key),
    }


def _with_interval(title: str, name: str, link: str | None = None) -> Column:
    of = (name, f"low_{name}", f"high_{name}")
    return Column(title=title, of=of, format=_value, link=link)


def _value(share: float, low: float, high: float) -> str:
    found = span(low, high)
    return percent(share) if found == ABSENT else f"{percent(share)} ({found})"
