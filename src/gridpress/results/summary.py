"""All records in, one shallow table of numbers out: what `dvc metrics show` and `dvc metrics diff` print."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from gridpress.config.values import Metric
from gridpress.families.registry import family_of
from gridpress.results.selection import by_classifier, leading_configuration, over_seeds
from gridpress.study.records.runs import RunRecord

Accuracies = dict[str, float]

REPORTED = ("accuracy", "balanced_accuracy", "macro_f1")  # of the test images


def summarize(
    datasets: Sequence[str], records: Sequence[RunRecord], metric: Metric
) -> dict[str, dict[str, Accuracies | int]]:
    """How good what validation chose is, per dataset and classifier, mean over its seeds.

    Args:
        datasets: their names, in order.
        records: of all runs, family by family in the order of params.yaml.
        metric: of the study's selection.

    Returns:
        dataset → network, kernel or estimator → `validation_accuracy`, `test_accuracy`,
        `test_balanced_accuracy` and `test_macro_f1` (shares), and the number of `diverged_runs`. A
        classifier without any finished run is left out.
    """
    summary: dict[str, dict[str, Accuracies | int]] = {}
    for dataset in datasets:
        here = [record for record in records if record.dataset == dataset]
        summary[dataset] = {}
        for (_, classifier), of_classifier in by_classifier(here).items():
            best = leading_configuration(over_seeds(of_classifier), metric)
            if best is not None:
                tested = [candidate.tested for candidate in best]
                summary[dataset][classifier] = {
                    "validation_accuracy": fmean(one.validation.accuracy for one in tested),
                    **{f"test_{name}": fmean(getattr(one.test, name) for one in tested) for name in REPORTED},
                }
        summary[dataset]["diverged_runs"] = sum(family_of(record).diverged(record) for record in here)
    return summary


def curves(
    datasets: Sequence[str], records: Sequence[RunRecord], metric: Metric
) -> list[dict[str, str | int | float]]:
    """Training curves of what validation chose, per dataset and classifier: every seed and epoch.

    Args:
        datasets: their names, in order.
        records: of all runs, family by family in the order of params.yaml; some have no curve.
        metric: of the study's selection.

    Returns:
        Rows of dataset, run (its key), epoch, loss and validation log loss (nats), and accuracies (shares).
    """
    rows: list[dict[str, str | int | float]] = []
    for dataset in datasets:
        here = [record for record in records if record.dataset == dataset]
        for of_classifier in by_classifier(here).values():
            seeds = leading_configuration(over_seeds(of_classifier), metric) or []
            rows += [
                {"dataset": dataset, "run": seed.record.key, **epoch.model_dump()}
                for seed in seeds
                for epoch in family_of(seed.record).curve(seed.record)
            ]
    return rows
