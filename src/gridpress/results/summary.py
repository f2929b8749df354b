"""All records in, one shallow table of numbers out: what `dvc metrics show` and `dvc metrics diff` print."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from gridpress.families.registry import family_of
from gridpress.results.selection import by_classifier, chosen, mean_validation, over_seeds
from gridpress.study.records.runs import RunRecord

Accuracies = dict[str, float]


def summarize(
    datasets: Sequence[str], records: Sequence[RunRecord]
) -> dict[str, dict[str, Accuracies | int]]:
    """Validation and test accuracy of what validation chose, per dataset and classifier.

    Args:
        datasets: their names, in order.
        records: of all runs, family by family in the order of params.yaml.

    Returns:
        dataset → network or kernel → `validation_accuracy` and `test_accuracy` (shares), and the number
        of `diverged_runs`. A classifier without any finished run is left out.
    """
    summary: dict[str, dict[str, Accuracies | int]] = {}
    for dataset in datasets:
        here = [record for record in records if record.dataset == dataset]
        summary[dataset] = {}
        for (_, classifier), of_classifier in by_classifier(here).items():
            best = chosen(over_seeds(of_classifier), mean_validation)
            if best is not None:
                summary[dataset][classifier] = {
                    "validation_accuracy": mean_validation(best),
                    "test_accuracy": fmean(candidate.tested.test_accuracy for candidate in best),
                }
        summary[dataset]["diverged_runs"] = sum(family_of(record).diverged(record) for record in here)
    return summary


def curves(datasets: Sequence[str], records: Sequence[RunRecord]) -> list[dict[str, str | int | float]]:
    """Learning curves of what validation chose, per dataset and classifier: every seed and epoch.

    Args:
        datasets: their names, in order.
        records: of all runs, family by family in the order of params.yaml; some have no curve.

    Returns:
        Rows of dataset, run (its key), epoch, loss (mean cross-entropy, nats) and accuracies (shares).
    """
    rows: list[dict[str, str | int | float]] = []
    for dataset in datasets:
        here = [record for record in records if record.dataset == dataset]
        for of_classifier in by_classifier(here).values():
            seeds = chosen(over_seeds(of_classifier), mean_validation) or []
            rows += [
                {"dataset": dataset, "run": seed.record.key, **epoch.model_dump()}
                for seed in seeds
                for epoch in family_of(seed.record).curve(seed.record)
            ]
    return rows
