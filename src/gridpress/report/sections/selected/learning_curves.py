"""Accuracy against the number of training images, and against the number of epochs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import matplotlib.figure
import pandas as pd
from matplotlib import pyplot as plt

from gridpress.learning_curves.curves import FULL
from gridpress.messages import counted
from gridpress.report.analysis import learning_curves as analysis
from gridpress.report.analysis.crossings import Crossing, crossings, difference_interval
from gridpress.report.analysis.image_counts import images_used
from gridpress.report.analysis.learning_curves import Saturated, Size
from gridpress.report.data.study import Study
from gridpress.report.presentation import encoding, style
from gridpress.report.presentation.items import Figure, Item
from gridpress.report.presentation.names import count, percent, shown
from gridpress.report.presentation.plotting import plain_ticks
from gridpress.stats.intervals import Interval
from gridpress.stats.significance import Paired, mcnemar

MOST_ACROSS = 5  # entries of the legend side by side


def accuracy_and_size(study: Study) -> Iterator[Item]:
    """A line per classifier, with its interval at every number of training images."""
    found = analysis.sizes(study)
    if not found:
        return
    data = frame(found)
    several = any(len(size.seeds) > 1 for size in found)
    intervals = (
        "Intervals: 95 % t intervals of the mean over seeds, each of which draws its training images; where "
        "there is one training alone, Wilson's over test images."
        if several
        else "Intervals: Wilson's 95 % over test images, as each was trained once."
    )
    lost = sum(size.repetitions - len(size.seeds) for size in found)
    diverged = f" Left out, as they diverged: {counted(lost, 'run')}." if lost else ""
    most = "at most " if study.stops_early else ""
    grid = images_used(study, "train")
    yield Figure(
        name="learning-curve",
        caption=(
            "Test accuracy against the number of training images, of the configuration that validation "
            f"chose for each classifier with {grid} images. Below that number networks take {most}as many "
            "training steps as in the grid (to the nearest epoch), from it on as many epochs. Validation "
            "images, which decide temperatures and early stopping, are the same fraction of theirs. "
            f"{intervals}{diverged}"
        ),
        alt=_alt(study, found),
        data=data,
        sources=_sources(study),
        draw=partial(_draw, study, data),
    )


def frame(found: Sequence[Size]) -> pd.DataFrame:
    """A row each: dataset, classifier, images, epochs, seeds, test accuracy with its ends, as shares."""
    return pd.DataFrame(
        [
            {
                "dataset": size.dataset,
                "classifier": size.classifier,
                "images": size.images,
                "epochs": size.epochs,
                "seeds": len(size.seeds),
                "test_accuracy": size.accuracy,
                "low": size.interval.low,
                "high": size.interval.high,
            }
            for size in found
        ]
    )


def _alt(study: Study, found: Sequence[Size]) -> str:
    sentences = []
    for dataset in dict.fromkeys(size.dataset for size in found):
        here = [size for size in found if size.dataset == dataset]
        numbers = sorted(size.images for size in here)
        for number in dict.fromkeys((numbers[0], numbers[-1])):
            there = [size for size in here if size.images == number]
            best = max(there, key=lambda size: size.accuracy)
            sentences.append(
                f"On {study.title(dataset)} with {count(number)} images {shown(best.classifier)} is the "
                f"most accurate, {percent(best.accuracy)} %"
            )
    return f"Lines of test accuracy over the number of training images. {'. '.join(sentences)}."


def _sources(study: Study) -> list[str]:
    return [path for curve in FULL for path in study.sources(curve.folder, study.points[curve.folder])]


def _draw(study: Study, data: pd.DataFrame) -> matplotlib.figure.Figure:
    datasets, classifiers = (list(data[name].unique()) for name in ("dataset", "classifier"))
    figure, panels = plt.subplots(
        1, len(datasets), figsize=(style.TEXT_WIDTH, 3.4), sharex=True, squeeze=False
    )
    for axes, dataset in zip(panels[0], datasets, strict=True):
        for name in classifiers:
            part = data[(data["dataset"] == dataset) & (data["classifier"] == name)]
            accuracy = 100 * part["test_accuracy"]
            axes.errorbar(
                part["images"],
                accuracy,
                yerr=[accuracy - 100 * part["low"], 100 * part["high"] - accuracy],
                marker=encoding.marker(name),
                color=encoding.colour(name),
                label=shown(name),
                mec="white",
                mew=0.4,
                ms=5.0,
                lw=1.2,
                elinewidth=0.8,
                capsize=2,
            )
        axes.set_xscale("log")
        plain_ticks(axes.xaxis)
        axes.set_title(study.title(dataset))
        axes.grid(visible=True)
    panels[0, 0].set_ylabel("Test accuracy (%)")
    figure.supxlabel("Training images", fontsize=style.FONT_SIZE)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside upper right", ncols=min(MOST_ACROSS, len(labels)), handletextpad=0.3
    )
    return figure


@dataclass(frozen=True)
class Gain:
    """What longer training of the chosen network gains: test accuracy at two numbers of epochs.

    Attributes:
        dataset: of the images.
        name: of the network.
        epochs: fewer and more.
        accuracies: after these.
        paired: of the two states on the same test images, the longer training first.
    """

    dataset: str
    name: str
    epochs: tuple[int, int]
    accuracies: tuple[float, float]
    paired: Paired


@dataclass(frozen=True)
class Overtaking:
    """A crossing of two lines, with what is known of the difference on both sides of it (shares)."""

    crossing: Crossing
    before: Interval
    after: Interval

    @property
    def sure(self) -> bool:
        """Whether both differences are told from zero."""
        return self.before.excludes(0) and self.after.excludes(0)


def facts(study: Study) -> Mapping[str, Any]:
    """What the text says of learning curves: sizes, crossings, and gains of longer training."""
    return {
        "sizes": analysis.sizes(study),
        "overtakings": [
            Overtaking(
                found,
                difference_interval(*found.before),
                difference_interval(*found.after),
            )
            for found in crossings(study)
        ],
        "gains": [gain for found in analysis.saturation(study) if (gain := _gain(found)) is not None],
    }


def _gain(found: Saturated) -> Gain | None:
    if found.shorter is None:
        return None
    first, last = found.shorter.tested, found.states[-1].tested
    return Gain(
        dataset=found.best.dataset,
        name=found.best.name,
        epochs=(first.epoch or 0, last.epoch or 0),
        accuracies=(first.test.accuracy, last.test.accuracy),
        paired=mcnemar(last.test.misclassified.index, first.test.misclassified.index, last.test.images),
    )
