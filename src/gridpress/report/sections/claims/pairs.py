"""Trained classifiers against one another on the same test images, which claims are held against.

Where a claim speaks of every pair, the intervals of all pairs hold at once (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import pandas as pd

from gridpress.report.analysis import best
from gridpress.report.data.frames import MEASURED, row_score, rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import AXIS_TITLES, listed, points, shown
from gridpress.report.sections.claims.evidence import Evidence, spanned
from gridpress.results.selection import Candidate, best_seed, chosen
from gridpress.stats.intervals import Interval, mean_interval
from gridpress.stats.significance import mcnemar
from gridpress.study.grid import CONFIGURATION
from gridpress.study.records.runs import RunRecord

Rows = Callable[[pd.DataFrame], "pd.Series[bool]"]


class Answers(NamedTuple):
    """The test images that a classifier gets wrong, of how many."""

    wrong: tuple[int, ...]
    images: int


Pair = tuple[Answers, Answers]  # the second is the one that is claimed to be ahead


def networks(study: Study, axis: str, first: object, second: object) -> Evidence:
    """Every network at `second` against the same at `first`, at the last milestone, seed by seed."""
    runs = _last(study)
    rest = [name for name in [*CONFIGURATION, "seed"] if name != axis]
    twins = runs[runs[axis] == first].merge(
        runs[runs[axis] == second], on=rest, suffixes=("_first", "_second")
    )
    return _counted(study, _by_dataset(study, twins), shown(second))


def others(study: Study, dataset: str, **named: object) -> Evidence:
    """Networks with any other values of the named settings against those with these, all else equal."""
    runs = _last(study)
    runs = runs[runs["dataset"] == dataset]
    those = (runs[list(named)] == pd.Series(named)).all(axis=1)
    rest = [name for name in [*CONFIGURATION, "seed"] if name not in named]
    twins = runs[those].merge(runs[~those], on=rest, suffixes=("_first", "_second"))
    return _counted(study, _by_dataset(study, twins), "the other")


def svms(study: Study, first: Rows, second: Rows, who: str) -> Evidence:
    """SVMs of a second kind against those of a first at equal C and gamma; of several, validation's choice.

    Pairs that answer as another pair does are the same SVMs under two names and count once: gamma `scale`
    and `auto` may be the same number.
    """
    table = study.svms[study.svms["state"] == MEASURED]
    found: dict[str, dict[Pair, None]] = {}
    for (dataset, *_), here in table.groupby(["dataset", "C", "gamma"], sort=False):
        one, other = (_svm(study, here[kind(here)]) for kind in (first, second))
        if one is not None and other is not None:
            found.setdefault(str(dataset), {})[one, other] = None
    return _counted(study, {dataset: list(here) for dataset, here in found.items()}, who)


def _counted(study: Study, found: Mapping[str, Sequence[Pair]], who: str) -> Evidence:
    """In how many pairs of each dataset the second is ahead or behind."""
    total = sum(len(here) for here in found.values())
    words, intervals = [], []
    for dataset, here in found.items():
        spans = [mcnemar(b.wrong, a.wrong, a.images, comparisons=total).interval for a, b in here]
        ahead, behind = sum(span.low > 0 for span in spans), sum(span.high < 0 for span in spans)
        words.append(
            f"{who} is ahead in {ahead} and behind in {behind} of {len(here)} pairs on {study.title(dataset)}"
        )
        intervals += spans
    return Evidence(listed(words), intervals) if words else Evidence()


def choices(study: Study, axis: str, first: object, second: object, dataset: str | None = None) -> Evidence:
    """What validation chooses among networks at `second`, minus what it chooses at `first`, per dataset.

    The intervals are over test images; with several seeds they reach as far as those over seeds too.
    """
    words, intervals = [], []
    for name in [dataset] if dataset else study.datasets:
        one, other = (_choice(study, name, axis, value) for value in (first, second))
        if one is None or other is None:
            return Evidence(
                f"{AXIS_TITLES[axis].lower()} {shown(first)} and {shown(second)} were not both trained"
            )
        results = [mcnemar(b.wrong, a.wrong, a.images) for a, b in zip(one, other, strict=True)]
        differences = [result.difference for result in results]
        # seeds answer the same test images, so what these decide does not average out over the seeds
        lows, highs = zip(*((each.interval.low, each.interval.high) for each in results), strict=True)
        over_images = Interval(sum(lows) / len(lows), sum(highs) / len(highs))
        known = [end for end in (over_images, mean_interval(differences)) if end.known]
        interval = Interval(min(end.low for end in known), max(end.high for end in known))
        mean = sum(differences) / len(differences)
        words.append(spanned(f"{points(mean)} points on {study.title(name)}", interval, points))
        intervals.append(interval)
    single = " in single runs" if len(study.params.train.grid.seed) == 1 else ""
    return Evidence(f"{listed(words)}{single}, best {shown(second)} minus best {shown(first)}", intervals)


class Kind(NamedTuple):
    """What validation chooses among networks of a kind: its answers and its seconds of training."""

    answers: Answers
    seconds: float

    def against(self, other: Kind, comparisons: int) -> tuple[Interval, float]:
        """Accuracy minus the other's in one of so many simultaneous intervals.

        The other's time over its own.
        """
        found = mcnemar(self.answers.wrong, other.answers.wrong, self.answers.images, comparisons)
        return found.interval, other.seconds / self.seconds


def kinds(study: Study, axes: list[str]) -> dict[tuple[str, tuple[object, ...]], Kind]:
    """By dataset and values of these axes; of several seeds the one that validation ranks highest."""
    table = study.configurations
    table = table[table["state"] == MEASURED].dropna(subset=["training_seconds"])
    found = {}
    for (dataset, *values), here in table.groupby(["dataset", *axes], sort=False):
        row = chosen(rows_of(here), partial(row_score, metric=study.metric))
        if row is not None:
            answers = _answers(best_seed(best.seeds_of(study, row), study.metric))
            found[str(dataset), tuple(values)] = Kind(answers, row["training_seconds"])
    return found


def classifiers(study: Study, first: str, second: str, dataset: str | None = None) -> Evidence:
    """What validation chose of one classifier minus what it chose of another, per dataset."""
    picked = {(b.dataset, b.classifier): b for b in [*best.networks(study), *best.svms(study)]}
    datasets = [dataset] if dataset else study.datasets
    return _gaps(study, [(picked.get((name, first)), picked.get((name, second))) for name in datasets])


def families(study: Study, dataset: str | None = None) -> Evidence:
    """Best network minus best SVM, per dataset."""
    nets, fits = best.overall(best.networks(study)), best.overall(best.svms(study))
    return _gaps(
        study, [(nets.get(name), fits.get(name)) for name in ([dataset] if dataset else study.datasets)]
    )


def _gaps(study: Study, found: Sequence[tuple[best.Best | None, best.Best | None]]) -> Evidence:
    words, intervals = [], []
    for one, other in found:
        if one is None or other is None:
            return Evidence()
        result = mcnemar(one.wrong.index, other.wrong.index, one.images)
        gap = spanned(
            f"{points(result.difference)} points on {study.title(one.dataset)}", result.interval, points
        )
        words.append(f"{gap}, {one.name} minus {other.name}")
        intervals.append(result.interval)
    return Evidence(listed(words), intervals)


def _last(study: Study) -> pd.DataFrame:
    runs = study.runs
    return runs[(runs["epoch"] == study.params.train.epochs) & (runs["state"] == MEASURED)]


def _by_dataset(study: Study, twins: pd.DataFrame) -> dict[str, list[Pair]]:
    epoch = study.params.train.epochs
    found: dict[str, list[Pair]] = {}
    for row in rows_of(twins):
        pair = (_network(study, row["key_first"], epoch), _network(study, row["key_second"], epoch))
        found.setdefault(str(row["dataset"]), []).append(pair)
    return found


def _choice(study: Study, dataset: str, axis: str, value: object) -> list[Answers] | None:
    """Of every seed of the configuration and milestone that validation chooses; None where there is none."""
    table = study.configurations
    here = table[(table["dataset"] == dataset) & (table[axis] == value) & (table["state"] == MEASURED)]
    row = chosen(rows_of(here), partial(row_score, metric=study.metric))
    return None if row is None else [_answers(candidate) for candidate in best.seeds_of(study, row)]


def _answers(candidate: Candidate[RunRecord]) -> Answers:
    test = candidate.tested.test
    return Answers(tuple(test.misclassified.index), test.images)


def _network(study: Study, key: str, epoch: int) -> Answers:
    [candidate] = best.seeds_of(study, {"keys": [key], "epoch": epoch})
    return _answers(candidate)


def _svm(study: Study, table: pd.DataFrame) -> Answers | None:
    row = chosen(rows_of(table), partial(row_score, metric=study.metric))
    if row is None:
        return None
    test = study.svm[row["key"]].test
    return Answers(tuple(test.misclassified.index), test.images)
