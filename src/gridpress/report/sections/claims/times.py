"""Times of this study that claims are held against."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from gridpress.families.networks import NETWORKS
from gridpress.families.svms import SVMS
from gridpress.report.analysis.effects import paired
from gridpress.report.analysis.learning_curves import final_models
from gridpress.report.analysis.timed_cases import cases
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import count, seconds, shown
from gridpress.report.sections.claims.evidence import Evidence, joined, spanned
from gridpress.stats.intervals import Interval, mean_interval


def fits(study: Study) -> Evidence:
    """Seconds to fit each SVM; measured once, so without width."""
    times = study.svms["fit_seconds"].dropna()
    if times.empty:
        return Evidence()
    words = f"{seconds(times.min())} to {seconds(times.max())}, median {seconds(times.median())}"
    images = study.svms["train_samples"].max()
    words += f", on {count(images)} images" + (
        ", kernel matrix precomputed"
        if all(record.kernel_values == "precomputed" for record in study.svm.values())
        else ""
    )
    return Evidence(words, [Interval(float(value), float(value)) for value in times])


def final_fits(study: Study) -> Evidence:
    """The same of the final models."""
    found = [best for best in final_models(study) if best.family is SVMS and best.training_seconds > 0]
    if not found:
        return Evidence()
    times = [best.training_seconds for best in found]
    words = f"{seconds(min(times))} to {seconds(max(times))}, on {count(found[0].trained_on)} images"
    return Evidence(words, [Interval(value, value) for value in times])


def final_svm_over_network(study: Study) -> Evidence:
    """As `svm_over_network`, of the final models."""
    found = []
    for dataset in study.datasets:
        timed = {
            family: [
                best.training_seconds
                for best in final_models(study)
                if (best.dataset, best.family) == (dataset, family) and best.training_seconds > 0
            ]
            for family in (SVMS, NETWORKS)
        }
        if all(timed.values()):
            ratio = median(timed[SVMS]) / median(timed[NETWORKS])
            words = f"{ratio:.2g} times on all images of {study.title(dataset)}"
            found.append((words, Interval(ratio, ratio)))
    return joined(found)


def svm_over_network(study: Study) -> Evidence:
    """Median fit time of the SVMs over median training time of the networks, per dataset."""
    found = []
    for dataset in study.datasets:
        fit = study.svms.loc[study.svms["dataset"] == dataset, "fit_seconds"].median()
        table = study.configurations
        last = table[(table["dataset"] == dataset) & (table["epoch"] == study.params.train.epochs)]
        ratio = float(fit / last["training_seconds"].median())
        if not np.isnan(ratio):
            found.append((f"{ratio:.2g} times on {study.title(dataset)}", Interval(ratio, ratio)))
    return joined(found)


def training_ratio(study: Study, move: tuple[str, object, object]) -> Evidence:
    """Training time at `second` over that at `first` to the last milestone, per dataset.

    A geometric mean over matched pairs of configurations, with its interval.
    """
    axis, first, second = move
    runs = study.runs[study.runs["epoch"] == study.params.train.epochs]
    timed = runs.dropna(subset=["training_seconds"])
    logged = timed.assign(log_seconds=np.log(timed["training_seconds"]))
    found = []
    for dataset, here in logged.groupby("dataset", sort=False):
        result = paired(here, axis, first, second, "log_seconds")
        if result is not None:
            ends = result.interval
            interval = Interval(float(np.exp(ends.low)), float(np.exp(ends.high)))
            words = f"{np.exp(result.difference):.2f} times the training time on {study.title(dataset)}"
            found.append((spanned(words, interval, _two_decimals), interval))
    return joined(found)


def gpu_speedup(study: Study, *models: str) -> Evidence:
    """CUDA over the best CPU target, training steps; with intervals that take both sides' apart."""
    training = _training_steps(study)
    devices = {
        (machine, target.name): target.target.device
        for machine, record in study.hardware.items()
        for target in record.targets
    }
    places = zip(training["machine"], training["target"], strict=True)
    training = training.assign(device=[devices[place] for place in places])
    training = training[training["model"].isin(models) | (not models)]
    found = []
    for (_, model, work), here in training.groupby(["machine", "model", "work"], sort=False):
        cuda, cpu = (here[here["device"] == device] for device in ("cuda", "cpu"))
        if cuda.empty or cpu.empty:
            continue
        quick, slow = (rows_of(side.nsmallest(1, "seconds"))[0] for side in (cuda, cpu))
        words = f"{slow['seconds'] / quick['seconds']:.1f} times for {shown(model)} with {work}"
        found.append((words, _ratio(slow, quick)))
    return joined(found) if found else Evidence("no CUDA target was measured")


def step_ratio(study: Study, column: str, first: object, second: object) -> Evidence:
    """Time of a training step at `second` over `first` (`model` or `work`), over machines and targets.

    The interval is that of the mean over all cases; of a single case that of its timings.
    """
    training = _training_steps(study)
    others = [name for name in ("machine", "target", "work", "model", "batch_size") if name != column]
    at = [training[training[column] == value] for value in (second, first)]
    pairs = at[0].merge(at[1], on=others, suffixes=("", "_first"))
    if pairs.empty:
        return Evidence()
    ratios = pairs["seconds"] / pairs["seconds_first"]
    if len(ratios) == 1:
        row = rows_of(pairs)[0]
        before = {name: row[f"{name}_first"] for name in ("seconds", "seconds_low", "seconds_high")}
        interval, cases = _ratio(row, before), "in one case"
    else:
        interval, cases = mean_interval(ratios.to_numpy()), f"on average over {len(ratios)} cases"
    words = f"{ratios.mean():.2f} times {cases}"
    return Evidence(spanned(words, interval, _two_decimals), [interval])


def growth(study: Study) -> Evidence:
    """Exponent with which the time to fit an SVM grows with its images, per machine."""
    found = []
    for record in study.hardware.values():
        for entry in record.growth:
            if entry.work == "svm fit" and entry.axis == "samples":
                interval = Interval(entry.exponent.low, entry.exponent.high)
                words = (
                    f"on {record.name} fit time grows as the power {entry.exponent.value:.2f} of the images"
                )
                found.append((spanned(words, interval, _two_decimals), interval))
    return joined(found)


def _training_steps(study: Study) -> pd.DataFrame:
    table = cases(study)
    return table[table["phase"] == "training"]


def _ratio(above: Mapping[str, Any], below: Mapping[str, Any]) -> Interval:
    """Of two times, as far out as the intervals of both allow."""
    return Interval(
        above["seconds_low"] / below["seconds_high"], above["seconds_high"] / below["seconds_low"]
    )


def _two_decimals(value: float) -> str:
    return f"{value:.2f}"
