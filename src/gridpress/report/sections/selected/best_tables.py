"""Tables of what validation chose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from gridpress.report.analysis.best import Best, networks, overall, svms
from gridpress.report.analysis.pairwise import Versus, against_best
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item, Table, column, merged, number
from gridpress.report.presentation.markup import Cell, Header
from gridpress.report.presentation.names import ABSENT, count, in_seconds, p_value, percent, points
from gridpress.report.sections.sources import recipes
from gridpress.stats.intervals import Interval


def best_networks(study: Study) -> Iterator[Item]:
    """Best configuration per dataset and network."""
    bests = networks(study)
    if not bests:
        return
    several = any(best.seeds > 1 for best in bests)
    titles = ["Validation (%)", "Test (%)", "95 % interval", *(["Over seeds (%)"] if several else [])]
    titles += ["Not distinguishable", "Inflation"]
    leading = merged([(study.title(best.dataset), best.name) for best in bests])
    yield Table(
        name="best",
        caption=(
            "The configuration that validation chose for each dataset and network. Not distinguishable: how many "
            "of the other configurations and milestones have an accuracy that exact McNemar tests against the choice, "
            "corrected by Holm, do not tell from its own. Inflation: the most, in points and on average, by which "
            "picking the best of so many overrates the validation accuracy; test accuracies are free of it."
            + (
                " Configurations are chosen by the mean over their seeds; over seeds: the mean test accuracy with "
                "its 95 % t interval. All other columns are those of the seed with the highest validation accuracy."
                if several
                else ""
            )
        ),
        data=pd.DataFrame([facts(best) for best in bests]),
        sources=study.sources("train", study.configurations["keys"]),
        head=[[*map(Header, ("Dataset", "Network", "Configuration")), *map(column, titles)]],
        body=[
            [
                *lead,
                Cell(best.words),
                number(percent(best.validation_accuracy)),
                accuracy(best, bold=True),
                number(span(best.interval)),
                *([number(_over_seeds(best))] if several else []),
                number(f"{best.rivals} of {best.candidates - 1}"),
                number(points(best.inflation)),
            ]
            for lead, best in zip(leading, bests, strict=True)
        ],
        wide=True,
    )


def _over_seeds(best: Best) -> str:
    return f"{percent(best.seed_mean)} ({span(best.seed_interval)})" if best.seeds > 1 else ABSENT


def cross_method(study: Study) -> Iterator[Item]:
    """Networks against SVMs: accuracy, time, size, and the paired test against the best of the dataset."""
    bests = classifiers(study)
    if not bests:
        return
    compared, winners = against_best(bests), overall(bests)
    leading = merged([(study.title(best.dataset), best.name) for best in bests])
    yield Table(
        name="cross",
        caption=(
            "The choice of validation for every network and kernel, on the same test images. Difference: test "
            "accuracy minus that of the classifier with the highest validation accuracy of the dataset (marked), in "
            "points with its 95 % interval; p: exact McNemar test of the two trained classifiers, corrected by "
            f"Holm over all comparisons of this table. Training time: {study.times.clock}. Size: parameters of a network, "
            "support vectors of an SVM."
            + (
                " Of several seeds the one with the highest validation accuracy is compared; the time is the mean over the seeds timed."
                if any(best.seeds > 1 for best in bests)
                else ""
            )
        ),
        data=pd.DataFrame([{**facts(b), **_test(compared.get((b.dataset, b.classifier)))} for b in bests]),
        sources=sources(study, bests),
        head=[
            [
                *map(Header, ("Dataset", "Classifier")),
                *map(column, ("Test (%)", "95 % interval", "Difference", "p", "Training time (s)", "Size")),
            ]
        ],
        body=[
            [
                *lead,
                accuracy(best, marked=best == winners[best.dataset]),
                number(span(best.interval)),
                *_difference(compared.get((best.dataset, best.classifier))),
                number(time),
                number(count(best.size)),
            ]
            for lead, best, time in zip(leading, bests, training_times(bests), strict=True)
        ],
        wide=True,
    )


def training_times(bests: Sequence[Best]) -> list[str]:
    """A column of seconds."""
    return in_seconds([best.training_seconds for best in bests])


def _difference(versus: Versus | None) -> list[Cell]:
    if versus is None:
        return [number("–"), number("–")]
    low, high = -versus.paired.interval.high, -versus.paired.interval.low
    text = f"{points(-versus.paired.difference)} ({points(low)} to {points(high)})"
    return [number(text), number(p_value(versus.adjusted_p))]


def classifiers(study: Study) -> list[Best]:
    """Networks, then SVMs, dataset by dataset."""
    return sorted([*networks(study), *svms(study)], key=lambda best: study.datasets.index(best.dataset))


def accuracy(best: Best, *, bold: bool = False, marked: bool = False) -> Cell:
    """Its test accuracy, which leads to its record."""
    return number(
        percent(best.accuracy), bold=bold, marked=marked, link=recipes.link(best.family.stage, best.key)
    )


def span(interval: Interval) -> str:
    """`91.20 to 93.10`, in percent, on one line."""
    return f"{percent(interval.low)}\u00a0to\u00a0{percent(interval.high)}"


def facts(best: Best) -> dict[str, Any]:
    """What the tables say of it, at full precision."""
    return {
        "dataset": best.dataset,
        "classifier": best.classifier,
        "configuration": best.words,
        "key": best.key,
        "validation_accuracy": best.validation_accuracy,
        "mean_validation": best.mean_validation,
        "test_accuracy": best.accuracy,
        "low": best.interval.low,
        "high": best.interval.high,
        "seeds": best.seeds,
        "seed_mean": best.seed_mean,
        "seed_low": best.seed_interval.low,
        "seed_high": best.seed_interval.high,
        "training_seconds": best.training_seconds,
        "size": best.size,
        "candidates": best.candidates,
        "states": best.states,
        "rivals": best.rivals,
        "inflation": best.inflation,
    }


def _test(versus: Versus | None) -> dict[str, Any]:
    if versus is None:
        return {}
    return {
        "difference": -versus.paired.difference,
        "difference_low": -versus.paired.interval.high,
        "difference_high": -versus.paired.interval.low,
        "p": versus.adjusted_p,
    }


def sources(study: Study, bests: Sequence[Best]) -> list[str]:
    """Their records, and the timings that their times are means of."""
    timed = {**study.times.train, **study.times.svm}
    paths = []
    for best in bests:
        paths.append(study.source(best.family.stage, best.key))
        paths += [study.source(f"timing/{best.family.stage}", key) for key in best.keys if key in timed]
    return list(dict.fromkeys(paths))
