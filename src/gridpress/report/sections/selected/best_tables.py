"""Tables of what validation chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan, nan
from typing import Any

import pandas as pd

from gridpress.families.registry import FAMILIES
from gridpress.report.analysis import recipes
from gridpress.report.analysis.best import Best, classifiers, networks, overall
from gridpress.report.analysis.pairwise import Versus, against_best
from gridpress.report.data.curves import Point
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.markup import escape
from gridpress.report.presentation.names import (
    ABSENT,
    best_validation,
    count,
    in_seconds,
    p_value,
    percent,
    points,
)
from gridpress.report.presentation.tables import Column, durations, interval, leading, span, table, words


def _over_seeds(seeds: int, mean: float, low: float, high: float) -> str:
    return f"{percent(mean)} ({span(low, high)})" if seeds > 1 else ABSENT


def _difference(difference: float, low: float, high: float) -> str:
    return ABSENT if isnan(difference) else f"{points(difference)} ({span(low, high, points)})"


INTERVAL = interval("low", "high")
OVER_SEEDS = Column(
    title="Over seeds (%)", of=("seeds", "seed_mean", "seed_low", "seed_high"), format=_over_seeds
)
DIFFERENCE = Column(
    title="Difference", of=("difference", "difference_low", "difference_high"), format=_difference
)
P_VALUE = Column(title="p", of="p", format=lambda p: ABSENT if isnan(p) else p_value(p))
SIZE = Column(title="Size", of="size", format=count)
MEASURES = " Balanced accuracy and macro F1, with their intervals: @tbl-measures."


def best_networks(study: Study) -> Iterator[Item]:
    """Best configuration per dataset and network."""
    bests = networks(study)
    if not bests:
        return
    several = any(best.seeds > 1 for best in bests)
    by_seeds = (
        " Configurations are chosen by the mean over their seeds; over seeds: the mean test accuracy with "
        f"its 95 % t interval. All other columns are those of the seed with the "
        f"{best_validation(study.metric)}."
        if several
        else ""
    )
    yield table(
        "best",
        (
            "The configuration that validation chose for each dataset and network. Not distinguishable: "
            "number of candidates, the other configurations and milestones, not significantly different from "
            "the selected one (exact McNemar test, Holm-corrected). Selection bias: upper bound on the "
            f"optimism of validation accuracy, in points; test accuracies are free of it.{by_seeds}{MEASURES}"
        ),
        frame(bests),
        [
            leading("Dataset", "dataset", study.title),
            leading("Network", "name"),
            words("Configuration", "configuration"),
            Column(title="Validation (%)", of="validation_accuracy", format=percent),
            accuracy(bold=True),
            INTERVAL,
            *([OVER_SEEDS] if several else []),
            Column(title="Not distinguishable", of=("rivals", "candidates"), format=_rivals),
            Column(title="Selection bias", of="inflation", format=points),
        ],
        study.sources("train", study.configurations["keys"]),
        wide=True,
    )


def _rivals(rivals: int, candidates: int) -> str:
    return f"{rivals} of {candidates - 1}"


def cross_method(study: Study) -> Iterator[Item]:
    """All classifiers: accuracy, time, size, and the paired test against the best of the dataset."""
    bests = classifiers(study)
    if not bests:
        return
    by_seeds = (
        f" Of several seeds the one with the {best_validation(study.metric)} is compared; the time is the "
        "mean over the seeds timed."
        if any(best.seeds > 1 for best in bests)
        else ""
    )
    data = compared(bests)
    yield table(
        "cross",
        (
            "The choice of validation for every classifier, on the same test images. Difference: test "
            f"accuracy minus that of the classifier with the {best_validation(study.metric)} of the dataset "
            "(marked), in points with its 95 % interval; p: exact McNemar test of the two trained "
            "classifiers, Holm-corrected over all comparisons of this table. Training time: "
            f"{escape(study.times.clock)}. Size: {sizes()}.{by_seeds}{MEASURES}"
        ),
        data,
        [
            leading("Dataset", "dataset", study.title),
            leading("Classifier", "name"),
            accuracy(marked="winner"),
            INTERVAL,
            DIFFERENCE,
            P_VALUE,
            durations("Training time (s)", "training_seconds", data),
            SIZE,
        ],
        sources(study, bests),
        wide=True,
    )


def compared(bests: Sequence[Best]) -> pd.DataFrame:
    """As `frame`, with the winner of each dataset and the test of every other one against it."""
    versus, winners = against_best(bests), overall(bests)
    tests = [_test(versus.get((best.dataset, best.classifier))) for best in bests]
    winner = [best == winners[best.dataset] for best in bests]
    return pd.concat([frame(bests), pd.DataFrame(tests)], axis="columns").assign(winner=winner)


def _test(versus: Versus | None) -> dict[str, float]:
    if versus is None:
        return dict.fromkeys(("difference", "difference_low", "difference_high", "p"), nan)
    return {
        "difference": -versus.paired.difference,
        "difference_low": -versus.paired.interval.high,
        "difference_high": -versus.paired.interval.low,
        "p": versus.adjusted_p,
    }


def training_times(bests: Sequence[Best]) -> list[str]:
    """A column of seconds."""
    return in_seconds([best.training_seconds for best in bests])


def accuracy(*, bold: bool = False, marked: str | None = None) -> Column:
    """Test accuracies, which lead to their records."""
    return Column(
        title="Test (%)", of="test_accuracy", format=percent, bold=bold, marked=marked, link="record"
    )


def sizes() -> str:
    """What the size of each family is counted in."""
    return ", ".join(f"{family.size} ({family.plural})" for family in FAMILIES)


def frame(bests: Sequence[Best]) -> pd.DataFrame:
    """What the tables say of them, a row each, at full precision; `record` is an address in the report."""
    return pd.DataFrame([_row(best) for best in bests])


def _row(best: Best) -> dict[str, Any]:
    return {
        "dataset": best.dataset,
        "classifier": best.classifier,
        "name": best.name,
        "configuration": best.words,
        "key": best.key,
        "record": recipes.link(best.folder, best.key),
        "validation_accuracy": best.validation.accuracy,
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


def _timed(points: Mapping[str, Point]) -> set[str]:
    return {key for key, point in points.items() if point.timing is not None}


def sources(study: Study, bests: Sequence[Best]) -> list[str]:
    """Their records, and the timings that their times are means of."""
    paths = []
    for best in bests:
        points = study.points.get(best.folder)
        timed = study.times.timings[best.folder] if points is None else _timed(points)
        paths.append(study.source(best.folder, best.key))
        paths += [study.source(f"timing/{best.folder}", key) for key in best.keys if key in timed]
    return list(dict.fromkeys(paths))
