"""All records in, one shallow table of numbers out: what `dvc metrics show` and `dvc metrics diff` print."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from gridpress.results.selection import chosen, mean_validation, over_seeds
from gridpress.study.records import SvmRecord, TrainRecord

Family = dict[str, float]


def summarize(
    datasets: Sequence[str], runs: Sequence[TrainRecord], machines: Sequence[SvmRecord]
) -> dict[str, dict[str, Family | int]]:
    """Validation and test accuracy of what validation chose, per dataset and family of classifiers.

    Args:
        datasets: their names, in order.
        runs: all training runs, in grid order.
        machines: all support vector machines, in the order of params.yaml.

    Returns:
        dataset → network or kernel → `validation_accuracy` and `test_accuracy` (shares), and the number
        of `diverged_runs`. A family without any finished run is left out.
    """
    summary: dict[str, dict[str, Family | int]] = {}
    for dataset in datasets:
        here = [run for run in runs if run.dataset == dataset]
        fitted = [machine for machine in machines if machine.dataset == dataset]
        families: dict[str, Family | int] = {}
        for model in dict.fromkeys(run.model for run in here):
            families |= _family(model, _over_seeds([run for run in here if run.model == model]))
        for kernel in dict.fromkeys(machine.config.kernel for machine in fitted):
            answers = [m for m in fitted if m.config.kernel == kernel]
            families |= _family(kernel, [(m.validation_accuracy, m.test_accuracy) for m in answers])
        families["diverged_runs"] = sum(run.diverged_at_epoch is not None for run in here)
        summary[dataset] = families
    return summary


def curves(datasets: Sequence[str], runs: Sequence[TrainRecord]) -> list[dict[str, str | int | float]]:
    """Learning curves of the configuration that validation chose, per dataset and network: every seed and epoch.

    Args:
        datasets: their names, in order.
        runs: all training runs, in grid order.

    Returns:
        Rows of dataset, run (its key), epoch, loss (mean cross-entropy, nats) and accuracies (shares).
    """
    rows: list[dict[str, str | int | float]] = []
    for dataset in datasets:
        here = [run for run in runs if run.dataset == dataset]
        for model in dict.fromkeys(run.model for run in here):
            states = chosen(over_seeds(run for run in here if run.model == model), mean_validation) or []
            rows += [
                {"dataset": dataset, "run": state.run.key, **epoch.model_dump()}
                for state in states
                for epoch in state.run.history
            ]
    return rows


def _over_seeds(runs: Sequence[TrainRecord]) -> list[tuple[float, float]]:
    """Validation and test accuracy of every configuration and milestone, averaged over its seeds."""
    return [
        (mean_validation(states), fmean(state.milestone.test_accuracy for state in states))
        for states in over_seeds(runs)
    ]


def _family(name: str, candidates: Sequence[tuple[float, float]]) -> dict[str, Family]:
    best = chosen(candidates, lambda candidate: candidate[0])
    return {} if best is None else {name: {"validation_accuracy": best[0], "test_accuracy": best[1]}}
