"""What the final models are worth: what validation chose, trained on all training images."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import fmean

from gridpress.config.params import Params
from gridpress.families.registry import family_of
from gridpress.results.summary import REPORTED, Accuracies
from gridpress.study.records.runs import RunRecord


def final(params: Params, results: Iterable[RunRecord]) -> dict[str, dict[str, Accuracies]]:
    """Measures of the test images, mean over seeds, for `dvc metrics`.

    Args:
        params: of the study.
        results: of everything that was trained on all images with the grid's epochs.

    Returns:
        dataset → network, kernel or estimator → `test_accuracy`, `test_balanced_accuracy` and
        `test_macro_f1` (shares). A classifier of which a seed diverged is left out.
    """
    found: dict[str, dict[str, list[RunRecord]]] = {dataset: {} for dataset in params.datasets}
    for result in results:
        found[result.dataset].setdefault(family_of(result).classifier(result), []).append(result)
    return {
        dataset: {
            classifier: _measures(records)
            for classifier, records in here.items()
            if all(family_of(record).tested(record) for record in records)
        }
        for dataset, here in found.items()
    }


def _measures(records: Iterable[RunRecord]) -> Accuracies:
    tested = [family_of(record).tested(record)[-1].test for record in records]
    return {f"test_{name}": fmean(getattr(one, name) for one in tested) for name in REPORTED}
