"""This study held against a claim: evidence, and the verdict on it. Thresholds are the claims' own figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gridpress.report.claims import accuracy, learning, times
from gridpress.report.claims.evidence import Evidence, Ours
from gridpress.report.claims.judge import Verdict, above, below, both, holds, within
from gridpress.report.cost import frontier
from gridpress.report.hardware.counting import cost
from gridpress.report.names import listed, percent, shown
from gridpress.report.study import Study
from gridpress.statistics import Interval

COLOURS = 3  # channels
PUBLISHED_SIZE = 224  # pixels a side, for which studies A and D count FLOPs
ABOUT = 0.1  # "about", "nearly": a tenth to either side
SLIGHT = 0.01  # "minimal" overfitting, "saturate": at most a point
MNIST, FASHION = "mnist", "fashion_mnist"
SMALL, LARGE = "resnet18", "resnet50"


def judged(found: Evidence, verdict: Callable[..., Verdict], *limits: float) -> Ours:
    """Evidence with the verdict of one of `judge`'s functions on its intervals."""
    return found, verdict(found.intervals, *limits)


def moved(
    axis: str, first: object, second: object, dataset: str | None = None, **where: Any
) -> Callable[[Study], Ours]:
    """The second value of an axis is the better one."""
    return lambda study: judged(accuracy.moved(study, (axis, first, second), dataset, **where), above)


def preferred(study: Study) -> Ours:
    """SGD is the better optimizer on MNIST, Adam on FashionMNIST."""
    first = accuracy.moved(study, ("optimizer", "adam", "sgd"), MNIST)
    second = accuracy.moved(study, ("optimizer", "sgd", "adam"), FASHION)
    words = f"SGD minus Adam {first.words}; Adam minus SGD {second.words}"
    return Evidence(words), both(above(first.intervals), above(second.intervals))


def fewer_parameters(study: Study) -> Ours:
    """ResNet-18 is the more accurate, with the share of parameters saved that is claimed."""
    found = accuracy.moved(study, ("model", LARGE, SMALL))
    share = accuracy.parameter_share(study, SMALL, LARGE)
    if share is None or not found.intervals:
        return found, Verdict.UNMEASURED
    words = f"{found.words}; {percent(share, 1)} % fewer parameters with ten classes"
    return Evidence(words), both(above(found.intervals), holds(round(share, 2) == 0.54))


def overfits(study: Study) -> Ours:
    """Hardly a gap on MNIST, some on FashionMNIST."""
    low, high = learning.final_gap(study, MNIST), learning.final_gap(study, FASHION)
    verdict = both(below(low.intervals, SLIGHT), above(high.intervals))
    return Evidence(f"{low.words} and {high.words}"), verdict


def gpu(low: float, high: float, *models: str) -> Callable[[Study], Ours]:
    """The speedup of a GPU lies in a range."""
    return lambda study: judged(times.gpu_speedup(study, *models), within, low, high)


def about(value: float, *models: str) -> Callable[[Study], Ours]:
    """The speedup of a GPU is about a value."""
    return gpu(value * (1 - ABOUT), value * (1 + ABOUT), *models)


def gpu_grows(study: Study) -> Ours:
    """The larger network gains more from a GPU."""
    small, large = times.gpu_speedup(study, SMALL), times.gpu_speedup(study, LARGE)
    if not small.intervals or not large.intervals:
        return small if large.intervals else large, Verdict.UNMEASURED
    gains = [
        Interval(b.low - a.high, b.high - a.low)
        for a, b in zip(small.intervals, large.intervals, strict=False)
    ]
    return Evidence(f"{small.words}; {large.words}"), above(gains)


def deeper_costs_more(study: Study) -> Ours:
    """A training step of the larger network takes longer."""
    return judged(times.step_ratio(study, "model", SMALL, LARGE), above, 1.0)


def flops(_: Study) -> Ours:
    """The FLOPs that study A prints, to the decimal of the claim; they depend on the networks alone."""
    small, large = (cost(model, COLOURS, PUBLISHED_SIZE).flops_fvcore / 1e9 for model in (SMALL, LARGE))
    words = f"{large:.3f} and {small:.3f} GFLOPs by fvcore at {PUBLISHED_SIZE} px"
    return Evidence(words), holds((round(large, 1), round(small, 1)) == (4.1, 1.8))


def trade_off(study: Study, model: str, optimizer: str | None = None) -> Ours:
    """No other kind of network beats it in accuracy and time at once: it alone holds their frontier."""
    table = study.configurations.dropna(subset=["test_accuracy", "training_seconds"])
    axes = ["model"] if optimizer is None else ["model", "optimizer"]
    wanted = (model,) if optimizer is None else (model, optimizer)
    if table.empty or len(table.groupby(axes)) == 1:
        return Evidence(), Verdict.UNMEASURED
    fronts = {
        str(dataset): list(frontier(here)[axes].drop_duplicates().itertuples(index=False, name=None))
        for dataset, here in table.groupby("dataset", sort=False)
    }
    words = listed(
        f"{listed(' with '.join(map(shown, kind)) for kind in front)} on {shown(dataset)}"
        for dataset, front in fronts.items()
    )
    alone = all(front == [wanted] for front in fronts.values())
    return Evidence(f"the frontier of accuracy and time holds {words}"), holds(alone)
