"""How validation accuracy grows over the epochs, which claims are held against."""

from __future__ import annotations

from statistics import fmean

import pandas as pd

from gridpress.families.networks import NETWORKS
from gridpress.messages import counted
from gridpress.report.analysis.effects import paired
from gridpress.report.analysis.learning_curves import saturation, sizes
from gridpress.report.analysis.overfitting import by_configuration, final
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import percent, points
from gridpress.report.sections.claims.evidence import Evidence, joined, spanned, worded
from gridpress.stats.intervals import mean_interval
from gridpress.stats.significance import mcnemar
from gridpress.study.grid import CONFIGURATION


def final_gap(study: Study, dataset: str) -> Evidence:
    """Training minus validation accuracy after the last epoch, mean over configurations."""
    last = final(study)
    last = last[last["dataset"] == dataset]
    if last.empty:
        return Evidence()
    here = by_configuration(last, "gap")
    interval = mean_interval(here.tolist())
    words = f"{points(here.mean())} points on {study.title(dataset)}"
    return Evidence(spanned(words, interval, points), [interval])


def gain_reached(study: Study, dataset: str, epoch: int) -> Evidence:
    """Share of the validation accuracy above chance that is there after `epoch`, mean over configurations."""
    history = study.history[study.history["dataset"] == dataset]
    if study.params.train.epochs <= epoch:
        return Evidence(_too_short(study))
    if history.empty:
        return Evidence()
    wide = _by_epoch(study, history) - 1 / len(study.classes(dataset))
    first, last = wide[epoch], wide[study.params.train.epochs]
    shares = (first / last)[last > 0].dropna()
    if shares.empty:
        return Evidence()
    interval = mean_interval(shares.to_numpy())
    words = (
        f"{percent(shares.mean(), 1)} % of the final gain over chance on {study.title(dataset)} after "
        f"{epoch} epochs"
    )
    return Evidence(spanned(words, interval, lambda share: percent(share, 1)), [interval])


def late_gain(study: Study, epoch: int) -> Evidence:
    """Validation accuracy after the last epoch minus that after `epoch`, mean over configurations."""
    if study.params.train.epochs <= epoch:
        return _gain_of_longer_training(study, epoch) or Evidence(_too_short(study))
    if study.history.empty:
        return Evidence()
    wide = _by_epoch(study, study.history)
    gain = (wide[study.params.train.epochs] - wide[epoch]).dropna()
    if gain.empty:
        return Evidence()
    interval = mean_interval(gain.to_numpy())
    words = f"{points(gain.mean())} points after epoch {epoch}"
    return Evidence(spanned(words, interval, points), [interval])


def _gain_of_longer_training(study: Study, epoch: int) -> Evidence | None:
    """Test accuracy of the best network on all images after the last epoch minus that after `epoch`.

    None where none was tested at both.
    """
    parts = []
    for found in saturation(study):
        reached = [state.tested for state in found.states if (state.tested.epoch or 0) >= epoch]
        if len(reached) < 2 or reached[0].epoch != epoch:
            continue
        first, last = reached[0].test, reached[-1].test
        paired = mcnemar(last.misclassified.index, first.misclassified.index, last.images)
        where = f"{found.best.name} on all images of {study.title(found.best.dataset)}"
        words = f"{points(paired.difference)} points from epoch {epoch} to {reached[-1].epoch} of {where}"
        parts.append((spanned(words, paired.interval, points), paired.interval))
    return joined(parts) if parts else None


def gap_of_final_models(study: Study, dataset: str) -> Evidence:
    """As `final_gap`, of the networks trained on all images, mean over them and their seeds."""
    gaps = [
        seed.record.history[-1].train_accuracy - seed.record.history[-1].validation_accuracy
        for size in sizes(study)
        if (size.dataset, size.family, size.fraction) == (dataset, NETWORKS, 1)
        for seed in size.seeds
    ]
    if not gaps:
        return Evidence()
    interval = mean_interval(gaps)
    words = f"{points(fmean(gaps))} points on all images of {study.title(dataset)}"
    return Evidence(spanned(words, interval, points), [interval])


def _by_epoch(study: Study, history: pd.DataFrame) -> pd.DataFrame:
    """Validation accuracy, mean over seeds: one row per configuration, one column per epoch.

    NaN where every seed diverged before.
    """
    table = history.pivot_table(index=list(CONFIGURATION), columns="epoch", values="validation_accuracy")
    return table.reindex(columns=range(1, study.params.train.epochs + 1))


def early_lead(study: Study) -> Evidence:
    """Validation accuracy of Adam minus SGD after the first epoch at the lowest learning rate, paired."""
    history = study.history[study.history["epoch"] == 1]
    history = history[history["learning_rate"] == min(study.params.train.grid.learning_rate)]
    found = []
    for dataset, here in history.groupby("dataset", sort=False):
        result = paired(here, "optimizer", "sgd", "adam", "validation_accuracy")
        if result is not None:
            found.append(
                (f"{worded(study.title(str(dataset)), result)} after the first epoch", result.interval)
            )
    return joined(found)


def _too_short(study: Study) -> str:
    epochs = study.params.train.epochs
    return f"training ends after {counted(epochs, 'epoch')}"
