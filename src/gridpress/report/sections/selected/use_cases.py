"""The appendix: every method with what it is best for, in the layout of study E's cross-method table."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

import pandas as pd

from gridpress.report.analysis.best import Best, classifiers
from gridpress.report.analysis.pairwise import more_accurate
from gridpress.report.data.frames import MEASURED
from gridpress.report.data.study import Study
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.names import listed
from gridpress.report.presentation.tables import Column, durations, leading, table, words
from gridpress.report.sections.selected.best_tables import (
    INTERVAL,
    SIZE,
    accuracy,
    frame,
    sizes,
    sources,
)

CRITERIA = {  # in the words of the table
    "accuracy": "highest accuracy",
    "time": "shortest training",
    "size": "smallest size",
}
Ranks = Mapping[str, int | None]  # by criterion; None where it is not known


def ranked(methods: int, before: Callable[[int, int], bool]) -> list[int]:
    """The rank of each of several methods: one more than come before it, so equal ones share theirs."""
    return [1 + sum(before(other, one) for other in range(methods)) for one in range(methods)]


def ranked_by(values: Sequence[float], noise: float = 1) -> list[int | None]:
    """Ranks of values from the lowest, alike within a factor of `noise`; None of one that is not known."""
    ranks = ranked(len(values), lambda one, other: values[one] * noise < values[other])
    return [None if math.isnan(value) else rank for value, rank in zip(values, ranks, strict=True)]


def use_cases(methods: Mapping[str, Ranks]) -> dict[str, str]:
    """What each method is best for, from its ranks among the others.

    It is what it ranks first in, `joint` where others share that rank; a criterion in which all rank
    alike, or only one is known, says nothing. A method that is first in nothing is a compromise, unless
    another dominates it, which ranks no lower in anything known of both and higher in something.
    """
    if len(methods) == 1:
        return dict.fromkeys(methods, "the only one measured")
    telling = [criterion for criterion in CRITERIA if _tells(criterion, methods.values())]
    return {name: _use_case(name, methods, telling) for name in methods}


def _tells(criterion: str, methods: Iterable[Ranks]) -> bool:
    return len({ranks[criterion] for ranks in methods} - {None}) > 1


def _use_case(name: str, methods: Mapping[str, Ranks], telling: Sequence[str]) -> str:
    own = methods[name]
    first = [
        ("joint " if sum(ranks[criterion] == 1 for ranks in methods.values()) > 1 else "")
        + CRITERIA[criterion]
        for criterion in telling
        if own[criterion] == 1
    ]
    if first:
        return listed(first)
    better = [other for other, ranks in methods.items() if other != name and _dominates(ranks, own, telling)]
    if better:
        best = min(better, key=lambda other: [methods[other][criterion] or math.inf for criterion in telling])
        return f"dominated by {best}"
    return "compromise" if telling else "nothing tells them apart"


def _dominates(one: Ranks, other: Ranks, telling: Sequence[str]) -> bool:
    """Whether `one` ranks no lower in anything that is known of both, and higher in something."""
    pairs = [(one[c], other[c]) for c in telling]
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    return all(a <= b for a, b in known) and any(a < b for a, b in known)


def time_noise(study: Study) -> float:
    """The largest factor between times of fitting the same SVM twice, under two names; 1 where there is none.

    Every SVM was fitted once. On features of variance 1, gamma `scale` and `auto` are the same number.
    """
    times: dict[tuple[object, ...], list[float]] = {}
    measured = study.svms[study.svms["state"] == MEASURED].dropna(subset=["fit_seconds"])
    for key, seconds in zip(measured["key"], measured["fit_seconds"], strict=True):
        record = study.svm[key]
        settings = record.config.model_dump(exclude={"gamma"}).values()
        same = (record.dataset, *settings, *record.support_vectors, *record.test.misclassified.index)
        times.setdefault(same, []).append(seconds)
    return max((max(found) / min(found) for found in times.values()), default=1.0)


def ranks_of(bests: Sequence[Best], ahead: Container[tuple[str, str]], noise: float = 1) -> dict[str, Ranks]:
    """Ranks of the classifiers of one dataset, by name.

    Args:
        bests: the classifiers.
        ahead: as `pairwise.more_accurate` gives it.
        noise: the factor within which training times rank alike.
    """
    accuracies = ranked(len(bests), lambda a, b: (bests[a].key, bests[b].key) in ahead)
    times = ranked_by([best.training_seconds for best in bests], noise)
    sizes = ranked_by([best.stored for best in bests])
    return {
        best.name: {"accuracy": accuracies[place], "time": times[place], "size": sizes[place]}
        for place, best in enumerate(bests)
    }


def _alike(noise: float) -> str:
    if noise == 1:
        return ""
    return (
        f"Times within a factor of {noise:.2f}, by which two fits of the same SVM differ here, rank alike. "
    )


def methods(study: Study) -> Iterator[Item]:
    """One row per dataset and method."""
    bests = classifiers(study)
    if not bests:
        return
    noise = time_noise(study)
    data = _ranked(bests, noise)
    layout = ", in the layout of study E" if study.published.any else ""
    yield table(
        "methods",
        (
            f"Every method in the configuration that validation chose, and what it is best for{layout}. "
            f"Size: {sizes()}; ranked by the numbers kept, the pixels of each support vector and its weights "
            "among them. In accuracy a method ranks behind those that exact McNemar tests of all "
            "pairs, Holm-corrected, find more accurate, so equal ranks are not distinguishable. "
            f"{_alike(noise)}A method is dominated by another that ranks no lower in anything and higher in "
            "something; a compromise is first in nothing, but not dominated."
        ),
        data,
        [
            leading("Dataset", "dataset", study.title),
            leading("Method", "name"),
            accuracy(),
            INTERVAL,
            durations("Training time (s)", "training_seconds", data),
            SIZE,
            *(Column(title=criterion, of=f"rank_{criterion}", group="Rank") for criterion in CRITERIA),
            words("Best for", "best_for"),
        ],
        sources(study, bests),
        wide=True,
    )


def _ranked(bests: Sequence[Best], noise: float) -> pd.DataFrame:
    """What is shown of each method, with columns stored, best_for and a rank per criterion."""
    ahead = more_accurate(bests)
    told = {}
    for dataset in dict.fromkeys(best.dataset for best in bests):
        ranks = ranks_of([best for best in bests if best.dataset == dataset], ahead, noise)
        for name, use in use_cases(ranks).items():
            by_criterion = {f"rank_{criterion}": rank for criterion, rank in ranks[name].items()}
            told[dataset, name] = by_criterion | {"best_for": use}
    rows = [{"stored": best.stored, **told[best.dataset, best.name]} for best in bests]
    return pd.concat([frame(bests), pd.DataFrame(rows)], axis="columns")
