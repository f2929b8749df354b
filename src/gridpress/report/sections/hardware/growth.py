"""How time grows with images and pixels: power laws fitted to timings at several sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import matplotlib.figure
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.benchmark.records.hardware import Growth, HardwareRecord
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, plotting, style
from gridpress.report.presentation.items import Figure, Item, slug
from gridpress.report.presentation.names import count, percent, seconds
from gridpress.report.presentation.tables import Column, leading, table, words
from gridpress.report.sections.hardware.growth_words import AXES, SIZES, held, order, subject, where, work
from gridpress.report.sections.hardware.wording import between, estimate, load, span

ACROSS = 2  # panels side by side
FURTHER = 10  # times the largest size measured, to which times are extrapolated


def time_growth(study: Study) -> Iterator[Item]:
    """Per machine a figure of the fits and a table of exponents."""
    for record in study.hardware.values():
        if record.growth:
            yield _figure(study, record)
            yield _table(study, record)


def exponents(record: HardwareRecord) -> pd.DataFrame:
    """A row per fitted power law, with its exponent and what it extrapolates to."""
    return pd.DataFrame(
        [
            {
                "work": f"{work(entry)}{where(entry)}",
                "axis": entry.axis,
                "sizes": ", ".join(map(count, entry.sizes)),
                "held": held(entry).partition(" ")[2],
                **entry.exponent.model_dump(),
                "misfit": entry.misfit,
                "further_seconds": entry.seconds_at(FURTHER * entry.sizes[-1]),
                "order": order(entry.exponent),
            }
            for entry in record.growth
        ]
    )


def medians(record: HardwareRecord) -> pd.DataFrame:
    """A row per power law and size, with the median and the fitted time."""
    return pd.DataFrame(
        [
            {
                "work": entry.work,
                "axis": entry.axis,
                "size": size,
                "held": entry.held,
                "seconds": timing.median.value,
                "fit": entry.seconds_at(size),
            }
            for entry in record.growth
            for size, timing in zip(entry.sizes, entry.seconds, strict=True)
        ]
    )


def _figure(study: Study, record: HardwareRecord) -> Item:
    return Figure(
        name=slug("growth", record.name),
        caption=(
            f"`{record.name}`: median time against the number of images (of a training step, or that an SVM "
            "is fitted on) and of pixels, both axes logarithmic, with quartiles, the fitted power law and "
            "the 95 % interval of its exponent. Dotted: linear growth. SVMs are scikit-learn's with its "
            f"own kernel, in one thread.{load(record)}"
        ),
        alt=(f"Plots of time against size on {record.name}. {'. '.join(map(_exponent, record.growth))}."),
        data=medians(record),
        sources=[study.source("hardware", record.name)],
        draw=partial(_draw, record.growth),
    )


def _exponent(entry: Growth) -> str:
    return f"{subject(entry)} against {AXES[entry.axis]}: exponent {estimate(entry.exponent)}"


def _table(study: Study, record: HardwareRecord) -> Item:
    return table(
        slug("growth", record.name),
        (
            f"`{record.name}`: exponents of the power laws fitted to three or more sizes, with 95 % "
            "intervals, and the size that was held. The intervals are those of the timings alone: where "
            "the misfit, the largest relative distance of a median from the law, exceeds a few percent, "
            f"the exponent itself changes with size. Extrapolations to {FURTHER} times the largest size are "
            f"not checked by any measurement.{load(record)}"
        ),
        exponents(record),
        [
            leading("Work", "work", str),
            words("Against", "axis", lambda axis: SIZES[axis].lower()),
            words("Sizes", "sizes"),
            words("Held", "held"),
            Column(title="Exponent", of="value", format="{:.2f}".format),
            Column(title="Interval", of=("low", "high"), format=between),
            Column(title="Misfit (%)", of="misfit", format=lambda misfit: percent(misfit, 1)),
            Column(title=f"At {FURTHER} times the largest", of="further_seconds", format=seconds),
            words("Scaling", "order"),
        ],
        [study.source("hardware", record.name)],
        wide=True,
    )


def _draw(found: Sequence[Growth]) -> matplotlib.figure.Figure:
    """A panel per power law."""
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
