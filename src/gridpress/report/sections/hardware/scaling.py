"""How time grows with images and pixels, and a support vector machine as scikit-learn and the study fit it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.benchmark.cases import STUDY_SIZE
from gridpress.benchmark.records.growth import Growth
from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.benchmark.records.timing import TimingInterval
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, plotting, style
from gridpress.report.presentation.items import Figure, Item, Table, column, merged, number, slug
from gridpress.report.presentation.markup import Cell, Header
from gridpress.report.presentation.names import count, listed, percent, seconds, shown
from gridpress.report.sections.hardware.time_saved import NOT_DISTINGUISHABLE
from gridpress.report.sections.hardware.workloads import load, loads, milliseconds, span

SIZES = {"samples": "Images", "pixels": "Pixels of an image"}
AXES = {"samples": "number of images", "pixels": "number of pixels"}
ACROSS = 2  # panels side by side
FURTHER = 10  # times the largest size measured, to which times are extrapolated


def svm(study: Study) -> Iterator[Item]:
    """One table over all machines: scikit-learn's own kernel against the study's way."""
    records = list(study.hardware.values())
    if not records:
        return
    rows, data = [], []
    leading = merged([(record.name, task) for record in records for task in ("Fit", "Predict")])
    parts = [
        part
        for record in records
        for part in (
            (record, record.svm.own.fit, record.svm.study.fit, record.svm.fit_speedup),
            (record, record.svm.own.predict, record.svm.study.predict, record.svm.predict_speedup),
        )
    ]
    for lead, (record, own, ours, ratio) in zip(leading, parts, strict=True):
        rows.append(
            [
                *lead,
                number(count(record.svm.samples)),
                number(milliseconds(own.median.value)),
                number(f"{milliseconds(own.median.low)} to {milliseconds(own.median.high)}"),
                number(milliseconds(ours.median.value)),
                number(f"{milliseconds(ours.median.low)} to {milliseconds(ours.median.high)}"),
                number(f"{ratio.value:.2f}"),
                number(span(ratio)),
                Cell(verdict(ratio)),
            ]
        )
        data.append(
            {
                "machine": record.name,
                "own": own.median.value,
                "study": ours.median.value,
                **ratio.model_dump(),
            }
        )
    equal = listed(f"{percent(record.svm.equal_predictions)} % on `{record.name}`" for record in records)
    yield Table(
        name="hardware-svm",
        caption=(
            "scikit-learn's SVC with the kernel that it computes itself, and as this study fits it, "
            f"{listed(dict.fromkeys(map(_way, records)))}; one thread, features of {STUDY_SIZE**2} pixels scaled "
            f"beforehand ({listed(dict.fromkeys(record.svm.scaling for record in records))}). Medians of fitting so "
            "many images and of predicting as many others, and the speedup of the second way, with intervals. "
            f"Predictions that agree: {equal}.{loads(records)}"
        ),
        data=pd.DataFrame(data).assign(equal=[r.svm.equal_predictions for r in records for _ in range(2)]),
        sources=study.sources("hardware", study.hardware),
        head=[
            [
                *map(Header, ("Machine", "Task")),
                *map(
                    column,
                    ("Images", "Own (ms)", "Interval", "Study (ms)", "Interval", "Speedup", "Interval"),
                ),
                Header("Faster"),
            ]
        ],
        body=rows,
        wide=True,
    )


def _way(record: HardwareRecord) -> str:
    if record.svm.kernel_values == "precomputed":
        return "given a kernel matrix computed beforehand (its time included)"
    return "which is the same here, as a matrix of so many images is too large to compute beforehand"


def verdict(ratio: TimingInterval) -> str:
    """Which way of computing the kernel is faster, if the data tell."""
    if not ratio.excludes(1):
        return NOT_DISTINGUISHABLE
    return "the study's" if ratio.value > 1 else "scikit-learn's own"


def growth(study: Study) -> Iterator[Item]:
    """Per machine a figure of the fits and a table of exponents."""
    for record in study.hardware.values():
        if record.growth:
            yield _figure(study, record)
            yield _table(study, record)


def work(entry: Growth) -> str:
    """What was timed: `SVM fit` or `ResNet-18 training step`."""
    return "SVM fit" if entry.model is None else f"{shown(entry.model)} training step"


def where(entry: Growth) -> str:
    """` on cpu-1-thread`; nothing of an SVM, which runs on the CPU only."""
    return f" on {entry.target}" if entry.target else ""


def subject(entry: Growth) -> str:
    """What was timed, with the size that stays: `ResNet-18 training step of 16 images on cpu-1-thread`."""
    return f"{work(entry)} {held(entry)}{where(entry)}"


def held(entry: Growth) -> str:
    """The size that stays: `of 16 images`, `at 784 pixels`."""
    return f"at {count(entry.held)} pixels" if entry.axis == "samples" else f"of {count(entry.held)} images"


def pace(exponent: TimingInterval) -> str:
    """How time grows, in words."""
    if not exponent.excludes(1):
        return "in proportion, as far as can be told"
    return "faster than in proportion" if exponent.value > 1 else "slower than in proportion"


def exponent_words(exponent: TimingInterval) -> str:
    """`1.80 (1.70 to 1.90)`."""
    return f"{exponent.value:.2f} ({span(exponent)})"


def _figure(study: Study, record: HardwareRecord) -> Item:
    words = [
        f"{subject(g)} against {AXES[g.axis]}: exponent {exponent_words(g.exponent)}" for g in record.growth
    ]
    return Figure(
        name=slug("growth", record.name),
        caption=(
            f"`{record.name}`: median time against the number of images (of a training step, or that an SVM is fitted "
            "on) and of pixels, both axes logarithmic, with quartiles, the fitted power law and the interval of its "
            "exponent. Dotted: growth in proportion. SVMs are scikit-learn's with its own kernel, in one "
            f"thread.{load(record)}"
        ),
        alt=f"Plots of time against size on {record.name}. {'. '.join(words)}.",
        data=pd.DataFrame(
            [
                {
                    "work": g.work,
                    "axis": g.axis,
                    "size": size,
                    "held": g.held,
                    "seconds": timing.median.value,
                    "fit": g.seconds_at(size),
                }
                for g in record.growth
                for size, timing in zip(g.sizes, g.seconds, strict=True)
            ]
        ),
        sources=[study.source("hardware", record.name)],
        draw=partial(_draw, record.growth),
    )


def _draw(found: list[Growth]) -> matplotlib.figure.Figure:
    down = -(-len(found) // ACROSS)
    figure, grid = plt.subplots(down, ACROSS, figsize=(style.TEXT_WIDTH, 2.4 * down), squeeze=False)
    for axes in grid.flat[len(found) :]:
        axes.set_visible(False)
    for axes, entry in zip(grid.flat, found, strict=False):
        colour = encoding.colour(entry.model or "rbf")
        sizes = np.asarray(entry.sizes, dtype=float)
        medians = np.array([timing.median.value for timing in entry.seconds])
        x = np.array([sizes[0] / 1.15, sizes[-1] * 1.15])
        middle = entry.seconds_at(float(np.sqrt(sizes[0] * sizes[-1])))
        axes.plot(x, 1000 * middle * x / np.sqrt(sizes[0] * sizes[-1]), color=style.SOFT, ls=":", lw=1)
        axes.plot(x, 1000 * entry.coefficient * x**entry.exponent.value, color=colour, lw=1)
        axes.vlines(
            sizes,
            [1000 * timing.lower_quartile for timing in entry.seconds],
            [1000 * timing.upper_quartile for timing in entry.seconds],
            color=colour,
            lw=1,
        )
        axes.plot(sizes, 1000 * medians, encoding.marker(entry.model or "rbf"), color=colour, ms=4.5)
        axes.set(xscale="log", yscale="log")
        axes.set_xticks(sizes, [f"{size:g}" for size in entry.sizes])
        axes.minorticks_off()
        plotting.plain_ticks(axes.yaxis)
        axes.set_title(f"{work(entry).replace('training ', '')} {held(entry)}")
        axes.set_xlabel(SIZES[entry.axis])
        axes.text(
            0.04,
            0.96,
            f"exponent {entry.exponent.value:.2f}\n({span(entry.exponent)})",
            transform=axes.transAxes,
            va="top",
            size=style.SMALL_SIZE,
        )
    figure.supylabel("Time (ms)", fontsize=style.FONT_SIZE)
    return figure


def _table(study: Study, record: HardwareRecord) -> Item:
    return Table(
        name=slug("growth", record.name),
        caption=(
            f"`{record.name}`: exponents of the power laws fitted to three or more sizes, with intervals, and the "
            "size that was held. The intervals are those of the timings alone: where the misfit, the largest "
            "distance of a median from the law, is more than a few percent, the exponent itself changes with size. At the "
            f"right the time that the law extrapolates to {FURTHER} times the largest size, which nothing here has "
            f"checked.{load(record)}"
        ),
        data=pd.DataFrame(
            [
                {
                    "work": entry.work,
                    "axis": entry.axis,
                    "sizes": str(entry.sizes),
                    "held": entry.held,
                    **entry.exponent.model_dump(),
                    "misfit": entry.misfit,
                    "further_seconds": entry.seconds_at(FURTHER * entry.sizes[-1]),
                }
                for entry in record.growth
            ]
        ),
        sources=[study.source("hardware", record.name)],
        head=[
            [
                *map(Header, ("Work", "Against", "Sizes", "Held")),
                *map(column, ("Exponent", "Interval", "Misfit (%)", f"At {FURTHER} times the largest")),
                Header("Grows"),
            ]
        ],
        body=[
            [
                Cell(f"{work(entry)}{where(entry)}", head=True),
                Cell(SIZES[entry.axis].lower()),
                Cell(", ".join(map(count, entry.sizes))),
                Cell(held(entry).partition(" ")[2]),
                number(f"{entry.exponent.value:.2f}"),
                number(span(entry.exponent)),
                number(percent(entry.misfit, 1)),
                number(seconds(entry.seconds_at(FURTHER * entry.sizes[-1]))),
                Cell(pace(entry.exponent)),
            ]
            for entry in record.growth
        ],
        wide=True,
    )
