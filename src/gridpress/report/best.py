"""What validation chose, per dataset and classifier, and how it compares on the test images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import pandas as pd

from gridpress.records import Milestone, Predictions
from gridpress.report import svm
from gridpress.report.frames import MEASURED, rows_of
from gridpress.report.items import Item, Table, column, merged, number
from gridpress.report.markup import Cell, Header
from gridpress.report.names import configuration, count, percent, points, seconds, shown
from gridpress.report.study import Study
from gridpress.selection import chosen
from gridpress.statistics import (
    ALPHA,
    Interval,
    Paired,
    holm,
    mcnemar,
    mean_interval,
    not_distinguishable,
    selection_inflation,
    wilson,
)

Family = Literal["ResNet", "SVM"]


@dataclass(frozen=True)
class Best:
    """A trained classifier that validation chose.

    With several seeds it is the network of the seed with the highest validation accuracy;
    `seed_mean` and `seed_interval` are over all seeds of its configuration.
    """

    dataset: str
    family: Family
    classifier: str
    words: str
    key: str
    epoch: int | None
    validation_accuracy: float
    accuracy: float
    images: int
    validation_images: int
    wrong: Predictions
    seeds: int
    seed_mean: float
    seed_interval: Interval
    training_seconds: float
    size: int
    candidates: int
    rivals: int  # candidates not distinguishable from it, itself left out

    @property
    def interval(self) -> Interval:
        """Over test images."""
        return wilson(self.images - len(self.wrong.index), self.images)

    @property
    def kind(self) -> str:
        """Which stage's record it is in."""
        return "train" if self.family == "ResNet" else "svm"

    @property
    def name(self) -> str:
        """`ResNet-18` or `RBF SVM`."""
        return shown(self.classifier) if self.family == "ResNet" else f"{shown(self.classifier)} SVM"

    @property
    def inflation(self) -> float:
        """Upper bound of what picking among the candidates adds to the validation accuracy."""
        return selection_inflation(self.validation_accuracy, self.validation_images, self.candidates)


@lru_cache(maxsize=1)
def networks(study: Study) -> list[Best]:
    """One per dataset and model, in grid order; none where nothing was measured."""
    table = study.configurations
    picked = rows_of(table[table["chosen_for_model"]])
    return [
        _network(study, row) for row in sorted(picked, key=lambda row: study.datasets.index(row["dataset"]))
    ]


@lru_cache(maxsize=1)
def machines(study: Study) -> list[Best]:
    """One per dataset and kernel."""
    return [_machine(study, row) for row in rows_of(study.svms[study.svms["chosen_for_kernel"]])]


def overall(bests: Sequence[Best]) -> dict[str, Best]:
    """The one of highest validation accuracy for each dataset."""
    datasets = dict.fromkeys(best.dataset for best in bests)
    picked = (
        chosen((b for b in bests if b.dataset == dataset), lambda b: b.validation_accuracy)
        for dataset in datasets
    )
    return {best.dataset: best for best in picked if best is not None}


def milestone(study: Study, key: str, epoch: int) -> Milestone:
    """The state of a training run at a milestone."""
    return next(entry for entry in study.train[key].milestones if entry.epoch == epoch)


def _network(study: Study, row: Mapping[str, Any]) -> Best:
    epoch = int(row["epoch"])
    states = {key: milestone(study, key, epoch) for key in row["keys"]}
    key = chosen(states, lambda key: states[key].validation_accuracy) or row["keys"][0]
    table = study.configurations
    rivals = table[
        (table["dataset"] == row["dataset"]) & (table["model"] == row["model"]) & (table["state"] == MEASURED)
    ]
    accuracies = [state.test_accuracy for state in states.values()]
    others = [
        milestone(study, other["keys"][0], int(other["epoch"])).misclassified.index
        for other in rows_of(rivals)
        if (other["keys"], other["epoch"]) != (row["keys"], row["epoch"])
    ]
    record = study.train[key]
    timing = study.train_timing.get(key)
    return Best(
        dataset=row["dataset"],
        family="ResNet",
        classifier=row["model"],
        words=f"{configuration(row, study.row_axes)}, {'1 epoch' if epoch == 1 else f'{epoch} epochs'}",
        key=key,
        epoch=epoch,
        validation_accuracy=states[key].validation_accuracy,
        accuracy=states[key].test_accuracy,
        images=record.test_samples,
        validation_images=record.val_samples,
        wrong=states[key].misclassified,
        seeds=len(states),
        seed_mean=sum(accuracies) / len(accuracies),
        seed_interval=mean_interval(accuracies),
        training_seconds=sum(timing.training_seconds[:epoch]) if timing else float("nan"),
        size=record.parameters,
        candidates=len(rivals),
        rivals=sum(not_distinguishable(states[key].misclassified.index, others, record.test_samples)),
    )


def _machine(study: Study, row: Mapping[str, Any]) -> Best:
    record = study.svm[row["key"]]
    table = study.svms
    rivals = table[
        (table["dataset"] == row["dataset"])
        & (table["kernel"] == row["kernel"])
        & (table["state"] == MEASURED)
    ]
    others = [study.svm[key].misclassified.index for key in rivals["key"] if key != row["key"]]
    return Best(
        dataset=row["dataset"],
        family="SVM",
        classifier=row["kernel"],
        words=svm.name(row),
        key=row["key"],
        epoch=None,
        validation_accuracy=record.validation_accuracy,
        accuracy=record.test_accuracy,
        images=record.test_samples,
        validation_images=record.val_samples,
        wrong=record.misclassified,
        seeds=1,
        seed_mean=record.test_accuracy,
        seed_interval=mean_interval([]),
        training_seconds=row["fit_seconds"],
        size=sum(record.support_vectors),
        candidates=len(rivals),
        rivals=sum(not_distinguishable(record.misclassified.index, others, record.test_samples)),
    )


@dataclass(frozen=True)
class Versus:
    """Two classifiers on the same test images, with the p value corrected over its family."""

    first: Best
    second: Best
    paired: Paired
    adjusted_p: float

    @property
    def distinguishable(self) -> bool:
        return self.adjusted_p < ALPHA


def against_best(bests: Sequence[Best]) -> dict[tuple[str, str], Versus]:
    """Each dataset's best by validation against its other classifiers, by (dataset, classifier).

    Holm's correction runs over all comparisons of all datasets.
    """
    winners = overall(bests)
    pairs = [(winners[best.dataset], best) for best in bests if best != winners[best.dataset]]
    paired = [mcnemar(a.wrong.index, b.wrong.index, a.images) for a, b in pairs]
    adjusted = holm([result.p_value for result in paired])
    return {
        (b.dataset, b.classifier): Versus(a, b, result, p)
        for (a, b), result, p in zip(pairs, paired, adjusted, strict=True)
    }


def table_of_networks(study: Study) -> Iterator[Item]:
    """Best configuration per dataset and network."""
    bests = networks(study)
    if not bests:
        return
    several = any(best.seeds > 1 for best in bests)
    titles = ["Validation (%)", "Test (%)", "95 % interval", *(["Seeds (%)"] if several else [])]
    titles += ["Not distinguishable", "Inflation"]
    leading = merged([(shown(best.dataset), best.name) for best in bests])
    yield Table(
        name="best",
        caption=(
            "The configuration that validation chose for each dataset and network. Not distinguishable: how many "
            "of the other configurations and milestones err on so similar images that exact McNemar tests against "
            "the choice, corrected by Holm, do not tell them apart. Inflation: the most, in points, by which "
            "picking the best of so many overrates the validation accuracy; test accuracies are free of it."
            + (" Seeds: mean over the seeds with its 95 % t interval." if several else "")
        ),
        data=pd.DataFrame([_facts(best) for best in bests]),
        sources=study.sources("train", study.configurations["keys"]),
        head=[[*map(Header, ("Dataset", "Network", "Configuration")), *map(column, titles)]],
        body=[
            [
                *lead,
                Cell(best.words),
                number(percent(best.validation_accuracy)),
                number(percent(best.accuracy), bold=True),
                number(_range(best.interval)),
                *([number(_range(best.seed_interval) if best.seeds > 1 else "–")] if several else []),
                number(f"{best.rivals} of {best.candidates - 1}"),
                number(points(best.inflation)),
            ]
            for lead, best in zip(leading, bests, strict=True)
        ],
        wide=True,
    )


def cross_method(study: Study) -> Iterator[Item]:
    """Networks against SVMs: accuracy, time, size, and the paired test against the best of the dataset."""
    bests = sorted([*networks(study), *machines(study)], key=lambda b: study.datasets.index(b.dataset))
    if not bests:
        return
    compared, winners = against_best(bests), overall(bests)
    leading = merged([(shown(best.dataset), best.name) for best in bests])
    yield Table(
        name="cross",
        caption=(
            "The choice of validation for every network and kernel, on the same test images. Difference: test "
            "accuracy minus that of the classifier with the highest validation accuracy of the dataset (marked), in "
            "points with its 95 % interval; p: exact McNemar test of the two trained classifiers, corrected by "
            "Holm over all comparisons of this table. Size: parameters of a network, support vectors of an SVM."
        ),
        data=pd.DataFrame([{**_facts(b), **_test(compared.get((b.dataset, b.classifier)))} for b in bests]),
        sources=_sources(study, bests),
        head=[
            [
                *map(Header, ("Dataset", "Classifier")),
                *map(column, ("Test (%)", "95 % interval", "Difference", "p", "Training time", "Size")),
            ]
        ],
        body=[
            [
                *lead,
                number(percent(best.accuracy), marked=best == winners[best.dataset]),
                number(_range(best.interval)),
                *_difference(compared.get((best.dataset, best.classifier))),
                number(seconds(best.training_seconds)),
                number(count(best.size)),
            ]
            for lead, best in zip(leading, bests, strict=True)
        ],
        wide=True,
    )


def _difference(versus: Versus | None) -> list[Cell]:
    if versus is None:
        return [number("–"), number("–")]
    low, high = -versus.paired.interval.high, -versus.paired.interval.low
    text = f"{points(-versus.paired.difference)} ({points(low)} to {points(high)})"
    return [number(text), number(p_value(versus.adjusted_p))]


def p_value(p: float) -> str:
    """`0.012`, or `< 0.001`."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _range(interval: Interval) -> str:
    return f"{percent(interval.low)} to {percent(interval.high)}"


def _facts(best: Best) -> dict[str, Any]:
    return {
        "dataset": best.dataset,
        "classifier": best.classifier,
        "configuration": best.words,
        "key": best.key,
        "validation_accuracy": best.validation_accuracy,
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


def _sources(study: Study, bests: Sequence[Best]) -> list[str]:
    paths = []
    for best in bests:
        paths += [study.source(best.kind, best.key), study.source(f"timing/{best.kind}", best.key)]
    return [path for path in dict.fromkeys(paths) if path in study.record_paths]
