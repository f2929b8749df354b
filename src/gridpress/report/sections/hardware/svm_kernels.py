"""A support vector machine as scikit-learn computes its kernel, and as the study does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from gridpress.benchmark.records.cases import TimingInterval
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.names import count, listed, percent
from gridpress.report.presentation.tables import Column, leading, table, words
from gridpress.report.sections.hardware.wording import (
    NOT_DISTINGUISHABLE,
    between,
    loads,
    milliseconds,
    milliseconds_span,
)


def kernel_times(records: Iterable[HardwareRecord]) -> pd.DataFrame:
    """A row per machine and task: medians of both ways in seconds with their intervals, and the speedup."""
    rows = []
    for record in records:
        svm = record.svm
        for task, own, study, speedup in (
            ("Fit", svm.own.fit, svm.study.fit, svm.fit_speedup),
            ("Predict", svm.own.predict, svm.study.predict, svm.predict_speedup),
        ):
            row = {"machine": record.name, "task": task, "samples": svm.samples}
            for name, median in (("own", own.median), ("study", study.median)):
                row |= {name: median.value, f"{name}_low": median.low, f"{name}_high": median.high}
            rows.append(
                row | speedup.model_dump() | {"faster": verdict(speedup), "equal": svm.equal_predictions}
            )
    return pd.DataFrame(rows)


def verdict(ratio: TimingInterval) -> str:
    """Which way of computing the kernel is faster, if the data tell."""
    if not ratio.excludes(1):
        return NOT_DISTINGUISHABLE
    return "the study's" if ratio.value > 1 else "scikit-learn's own"


def svm_kernels(study: Study) -> Iterator[Item]:
    """One table over all machines: scikit-learn's own kernel against the study's way."""
    records = list(study.hardware.values())
    if not records:
        return
    equal = listed(f"{percent(record.svm.equal_predictions)} % on `{record.name}`" for record in records)
    yield table(
        "hardware-svm",
        (
            "scikit-learn's SVC with the kernel that it computes itself, and as this study fits it, "
            f"{listed(dict.fromkeys(map(_way, records)))}; one thread, features of "
            f"{listed(dict.fromkeys(map(_pixels, records)))} pixels "
            f"scaled beforehand ({listed(dict.fromkeys(record.svm.scaling for record in records))}). "
            "Medians of fitting so many images and of predicting as many others, and the speedup of the "
            f"second way, with 95 % intervals. Predictions that agree: {equal}.{loads(records)}"
        ),
        kernel_times(records),
        [
            leading("Machine", "machine", str),
            leading("Task", "task", str),
            Column(title="Images", of="samples", format=count),
            Column(title="Own (ms)", of="own", format=milliseconds),
            Column(title="Interval", of=("own_low", "own_high"), format=milliseconds_span),
            Column(title="Study (ms)", of="study", format=milliseconds),
            Column(title="Interval", of=("study_low", "study_high"), format=milliseconds_span),
            Column(title="Speedup", of="value", format="{:.2f}".format),
            Column(title="Interval", of=("low", "high"), format=between),
            words("Faster", "faster"),
        ],
        study.sources("hardware", study.hardware),
        wide=True,
    )


def _way(record: HardwareRecord) -> str:
    if record.svm.kernel_values == "precomputed":
        return "given a kernel matrix computed beforehand (its time included)"
    return "which is the same here, as a matrix of so many images is too large to compute beforehand"


def _pixels(record: HardwareRecord) -> str:
    """Of the images that are fitted in growing numbers: those of the dataset as they are."""
    return next(str(fit.held) for fit in record.growth if fit.work == "svm fit" and fit.axis == "samples")
