"""Quantities of this study that claims are held against, each with words for the reader."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from gridpress.report import best, hardware
from gridpress.report.effects import paired
from gridpress.report.frames import rows_of
from gridpress.report.names import ABSENT, listed, percent, points, seconds, shown
from gridpress.report.overfitting import gaps
from gridpress.report.study import Study
from gridpress.statistics import Effect, Interval, effect, mcnemar, mean_interval, wilson


@dataclass(frozen=True)
class Evidence:
    """Words, the intervals that a verdict looks at, and the tables to read further."""

    words: str = ABSENT
    intervals: list[Interval] = field(default_factory=list)
    see: tuple[str, ...] = ()


def decided(result: Effect) -> Interval:
    """The interval that a verdict on a method needs: beyond the configurations and beyond the seeds.

    Its ends are the outermost of both, so a difference within seed noise decides nothing.
    """
    known = [interval for interval in (result.interval, result.seed_interval) if interval.known]
    if not known:
        return result.interval
    return Interval(min(entry.low for entry in known), max(entry.high for entry in known))


def moved(
    study: Study,
    move: tuple[str, object, object],
    dataset: str | None = None,
    epoch: int | None = None,
    **where: object,
) -> Evidence:
    """Test accuracy at `second` minus at `first`, per dataset, at the last milestone unless another is asked."""
    axis, first, second = move
    at = study.params.train.milestones[-1] if epoch is None else epoch
    found: dict[str, Effect] = {}
    for name in [dataset] if dataset else study.datasets:
        runs = study.runs[study.runs["dataset"] == name]
        for column, value in where.items():
            runs = runs[runs[column] == value]
        part = runs if axis == "epoch" else runs[runs["epoch"] == at]
        result = paired(part, axis, first, second) if not part.empty else None
        if result is not None:
            found[name] = result
    if not found or (dataset is None and len(found) < len(study.datasets)):
        return Evidence()
    single = " in single runs" if len(study.params.train.grid.seed) == 1 else ""
    return Evidence(
        listed(_worded(name, result) for name, result in found.items()) + single,
        [decided(result) for result in found.values()],
        ("tbl-effects",),
    )


def _worded(dataset: str, result: Effect) -> str:
    span = decided(result)
    interval = f" ({points(span.low)} to {points(span.high)})" if span.known else ""
    return f"{points(result.difference)} points on {shown(dataset)}{interval}"


def svm_pairs(study: Study, column: str, first: object, second: object) -> Evidence:
    """SVM test accuracy at `second` minus at `first`, over pairs equal in C and gamma (and kernel or degree)."""
    words, intervals = [], []
    for dataset, here in study.svms.groupby("dataset", sort=False):
        keys = ["C", "gamma"]
        sides = [
            here[here[column] == value].groupby(keys)["test_accuracy"].max() for value in (second, first)
        ]
        result = effect([[value] for value in (sides[0] - sides[1]).dropna()])
        if result is not None:
            words.append(_worded(str(dataset), result))
            intervals.append(result.interval)
    return Evidence(listed(words), intervals, ("svm",)) if words else Evidence()


def accuracies(study: Study, dataset: str) -> Evidence:
    """Wilson intervals of all network test accuracies of a dataset."""
    runs = study.runs[study.runs["dataset"] == dataset].dropna(subset=["test_accuracy"])
    if runs.empty:
        return Evidence()
    intervals = [wilson(row["test_samples"] - row["wrong"], row["test_samples"]) for row in rows_of(runs)]
    low, high = runs["test_accuracy"].min(), runs["test_accuracy"].max()
    return Evidence(f"{len(runs)} cells from {percent(low)} to {percent(high)} %", intervals, ("grid",))


def fits(study: Study) -> Evidence:
    """Seconds to fit each SVM; measured once, so without width."""
    times = study.svms["fit_seconds"].dropna()
    if times.empty:
        return Evidence()
    words = f"{seconds(times.min())} to {seconds(times.max())}, median {seconds(times.median())}"
    return Evidence(words, [Interval(float(value), float(value)) for value in times], ("svm",))


def svm_over_network_time(study: Study) -> Evidence:
    """Median fit time of the SVMs over median training time of the networks, per dataset."""
    words, intervals = [], []
    for dataset in study.datasets:
        fit = study.svms.loc[study.svms["dataset"] == dataset, "fit_seconds"].median()
        table = study.configurations
        last = table[(table["dataset"] == dataset) & (table["epoch"] == study.params.train.milestones[-1])]
        ratio = fit / last["training_seconds"].median()
        if not np.isnan(ratio):
            words.append(f"{ratio:.2g} times on {shown(dataset)}")
            intervals.append(Interval(float(ratio), float(ratio)))
    return Evidence(listed(words), intervals, ("fig-time",)) if words else Evidence()


def gpu_speedup(study: Study, *models: str) -> Evidence:
    """CUDA over the best CPU target, training steps; with intervals that take both sides' apart."""
    table = hardware.cases(study)
    words, intervals = [], []
    devices = {
        (machine, target.name): target.target.device
        for machine, record in study.hardware.items()
        for target in record.targets
    }
    if table.empty:
        return Evidence()
    training = table[(table["phase"] == "training") & (table["model"].isin(models) | (not models))]
    places = zip(training["machine"], training["target"], strict=True)
    training = training.assign(device=[devices[place] for place in places])
    for (_, model, work), here in training.groupby(["machine", "model", "work"], sort=False):
        cuda, cpu = (here[here["device"] == device] for device in ("cuda", "cpu"))
        if cuda.empty or cpu.empty:
            continue
        quick, slow = (rows_of(side.nsmallest(1, "seconds"))[0] for side in (cuda, cpu))
        interval = Interval(
            slow["seconds_low"] / quick["seconds_high"], slow["seconds_high"] / quick["seconds_low"]
        )
        words.append(f"{slow['seconds'] / quick['seconds']:.1f} times for {shown(model)} with {work}")
        intervals.append(interval)
    return Evidence(listed(words), intervals, ("hardware",)) if words else Evidence()


def step_ratio(study: Study, column: str, first: object, second: object) -> Evidence:
    """Time of a training step at `second` over that at `first` (`model` or `work`), per machine and target."""
    table = hardware.cases(study)
    if table.empty:
        return Evidence()
    training = table[table["phase"] == "training"]
    others = [name for name in ("machine", "target", "work", "model", "batch_size") if name != column]
    above, below = (
        training[training[column] == value].set_index(others).sort_index() for value in (second, first)
    )
    joined = above.merge(below, left_index=True, right_index=True, suffixes=("", "_first"))
    if joined.empty:
        return Evidence()
    ratios = joined["seconds"] / joined["seconds_first"]
    interval = mean_interval(ratios.to_numpy())
    words = f"{ratios.mean():.2f} times on average over {len(ratios)} cases ({interval.low:.2f} to {interval.high:.2f})"
    return Evidence(words, [interval], ("hardware",))


def classifier_gap(study: Study, first: str, second: str, dataset: str) -> Evidence:
    """Test accuracy of one classifier's choice minus another's, by paired interval."""
    chosen = {(b.dataset, b.classifier): b for b in [*best.networks(study), *best.machines(study)]}
    pair = [chosen.get((dataset, name)) for name in (first, second)]
    if pair[0] is None or pair[1] is None:
        return Evidence()
    return _gap(pair[0], pair[1])


def _gap(one: best.Best, other: best.Best) -> Evidence:
    result = mcnemar(one.wrong.index, other.wrong.index, one.images)
    low, high = result.interval.low, result.interval.high
    words = (
        f"{points(result.difference)} points on {shown(one.dataset)} ({points(low)} to {points(high)}), "
        f"{one.name} minus {other.name}"
    )
    return Evidence(words, [result.interval], ("tbl-cross",))


def family_gap(study: Study, dataset: str | None = None) -> Evidence:
    """Best network minus best SVM by paired intervals, per dataset."""
    networks, machines = best.overall(best.networks(study)), best.overall(best.machines(study))
    names = [dataset] if dataset else study.datasets
    if not all(name in networks and name in machines for name in names):
        return Evidence()
    parts = [_gap(networks[name], machines[name]) for name in names]
    return Evidence(listed(p.words for p in parts), [i for p in parts for i in p.intervals], ("tbl-cross",))


def final_gap(study: Study, dataset: str) -> Evidence:
    """Training minus validation accuracy after the last epoch, mean over runs."""
    table = gaps(study)
    here = table[(table["dataset"] == dataset) & (table["epoch"] == study.params.train.epochs)]["gap"]
    if here.empty:
        return Evidence()
    interval = mean_interval(here.to_numpy())
    words = f"{points(here.mean())} points on {shown(dataset)} ({points(interval.low)} to {points(interval.high)})"
    return Evidence(words, [interval], ("tbl-overfitting",))


def gain_reached(study: Study, dataset: str, epoch: int) -> Evidence:
    """Share of the validation accuracy won over chance that is there after `epoch`, mean over runs."""
    history = study.history[study.history["dataset"] == dataset]
    if study.params.train.epochs <= epoch or history.empty:
        return Evidence()
    wide = history.pivot_table(index="key", columns="epoch", values="validation_accuracy")
    shares = ((wide[epoch] - 0.1) / (wide[study.params.train.epochs] - 0.1)).dropna()
    interval = mean_interval(shares.to_numpy())
    words = f"{percent(shares.mean(), 1)} % of the final gain on {shown(dataset)} after {epoch} epochs"
    return Evidence(words, [interval], ("curves",))


def late_gain(study: Study, epoch: int) -> Evidence:
    """Validation accuracy after the last epoch minus that after `epoch`, mean over runs."""
    if study.params.train.epochs <= epoch or study.history.empty:
        return Evidence()
    wide = study.history.pivot_table(index="key", columns="epoch", values="validation_accuracy")
    gain = (wide[study.params.train.epochs] - wide[epoch]).dropna()
    interval = mean_interval(gain.to_numpy())
    words = f"{points(gain.mean())} points after epoch {epoch} ({points(interval.low)} to {points(interval.high)})"
    return Evidence(words, [interval], ("curves",))


def early_lead(study: Study) -> Evidence:
    """Validation accuracy of Adam minus SGD after the first epoch at the lowest learning rate, paired."""
    history = study.history[study.history["epoch"] == 1]
    history = history[history["learning_rate"] == min(study.params.train.grid.learning_rate)]
    words, intervals = [], []
    for dataset, here in history.groupby("dataset", sort=False):
        result = paired(here, "optimizer", "sgd", "adam", "validation_accuracy")
        if result is not None:
            words.append(_worded(str(dataset), result))
            intervals.append(decided(result))
    return Evidence(listed(words) + " after the first epoch", intervals, ("curves",)) if words else Evidence()


def parameter_share(study: Study, small: str, large: str) -> float | None:
    """By how much the smaller network has fewer parameters, as a share; None where one was not trained."""
    sizes: pd.Series[float] = study.runs.groupby("model")["parameters"].max()
    if small not in sizes or large not in sizes or sizes[[small, large]].isna().any():
        return None
    return float(1 - sizes[small] / sizes[large])
