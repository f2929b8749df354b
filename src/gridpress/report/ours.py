"""This study held against a claim: evidence, and the verdict on it. Thresholds are the claims' own figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gridpress.report import evidence as ev
from gridpress.report.cost import frontier
from gridpress.report.evidence import Evidence
from gridpress.report.frames import rows_of
from gridpress.report.hardware.counting import cost
from gridpress.report.judge import Verdict, above, below, both, holds, within
from gridpress.report.names import listed, percent, shown
from gridpress.report.study import Study
from gridpress.statistics import Interval, wilson

Ours = tuple[Evidence, Verdict]

COLOURS = 3  # channels
PUBLISHED_SIZE = 224  # pixels a side, for which studies A and D count FLOPs
ABOUT = 0.1  # "about", "nearly": a tenth to either side
SLIGHT = 0.01  # "minimal" overfitting, "saturate": at most a point
MNIST, FASHION = "mnist", "fashion_mnist"
SMALL, LARGE = "resnet18", "resnet50"


def judged(found: Evidence, verdict: Callable[..., Verdict], *limits: float) -> Ours:
    """Evidence with the verdict of one of `judge`'s functions on its intervals."""
    return found, verdict(found.intervals, *limits)


def unmeasured(_: Study) -> Ours:
    """Needs a comparison that this study does not make."""
    return Evidence(), Verdict.UNMEASURED


def gpu(low: float, high: float, *models: str) -> Callable[[Study], Ours]:
    """The speedup of a GPU lies in a range."""
    return lambda study: judged(ev.gpu_speedup(study, *models), within, low, high)


def about(value: float, *models: str) -> Callable[[Study], Ours]:
    """The speedup of a GPU is about a value."""
    return gpu(value * (1 - ABOUT), value * (1 + ABOUT), *models)


def flops(_: Study) -> Ours:
    """The FLOPs that study A prints, to the decimal of the claim; they depend on the networks alone."""
    small, large = (cost(model, COLOURS, PUBLISHED_SIZE).flops_fvcore / 1e9 for model in (SMALL, LARGE))
    words = f"{large:.3f} and {small:.3f} GFLOPs by fvcore at {PUBLISHED_SIZE} px"
    return Evidence(words, [], ("tbl-networks",)), holds((round(large, 1), round(small, 1)) == (4.1, 1.8))


def deeper_costs_more(study: Study) -> Ours:
    """A training step of the larger network takes longer."""
    found = ev.step_ratio(study, "model", SMALL, LARGE)
    return found, above(found.intervals, 1.0)


def fewer_parameters(study: Study) -> Ours:
    """ResNet-18 is the more accurate, with the share of parameters saved that is claimed."""
    found, share = ev.moved(study, ("model", LARGE, SMALL)), ev.parameter_share(study, SMALL, LARGE)
    if share is None or not found.intervals:
        return Evidence(), Verdict.UNMEASURED
    words = f"{found.words}; {percent(share, 1)} % fewer parameters with ten classes"
    return Evidence(words, found.intervals, found.see), both(
        above(found.intervals), holds(round(share, 2) == 0.54)
    )


def scales_poorly(study: Study) -> Ours:
    """Fit time grows faster than the number of images."""
    growth = [g for record in study.hardware.values() for g in record.growth if g.work == "svm fit"]
    if not growth:
        return Evidence(), Verdict.UNMEASURED
    exponent = growth[0].exponent
    words = f"fit time grows with the {exponent.value:.2f}th power of the images ({exponent.low:.2f} to {exponent.high:.2f})"
    return Evidence(words, [], ("hardware",)), above([Interval(exponent.low, exponent.high)], 1.0)


def preferred(study: Study) -> Ours:
    """SGD is the better optimizer on MNIST, Adam on FashionMNIST."""
    first = ev.moved(study, ("optimizer", "adam", "sgd"), MNIST)
    second = ev.moved(study, ("optimizer", "sgd", "adam"), FASHION)
    verdict = both(above(first.intervals), above(second.intervals))
    return Evidence(
        f"SGD minus Adam {first.words}; Adam minus SGD {second.words}", [], ("tbl-effects",)
    ), verdict


def overfits(study: Study) -> Ours:
    """Hardly a gap on MNIST, some on FashionMNIST."""
    low, high = ev.final_gap(study, MNIST), ev.final_gap(study, FASHION)
    verdict = both(below(low.intervals, SLIGHT), above(high.intervals))
    return Evidence(f"{low.words} and {high.words}", [], ("tbl-overfitting",)), verdict


def moved(
    axis: str, first: object, second: object, dataset: str | None = None, **where: Any
) -> Callable[[Study], Ours]:
    """The second value of an axis is the better one."""
    return lambda study: judged(ev.moved(study, (axis, first, second), dataset, **where), above)


def weakest(study: Study) -> Evidence:
    """Test accuracy of the polynomial SVMs of degree 3 with C 0.1 on MNIST."""
    table = study.svms
    here = table[
        (table["dataset"] == MNIST)
        & (table["degree"] == 3)
        & (table["C"] == 0.1)
        & table["test_accuracy"].notna()
    ]
    if here.empty:
        return Evidence()
    intervals = [wilson(row["test_samples"] - row["wrong"], row["test_samples"]) for row in rows_of(here)]
    return Evidence(f"{listed(percent(a) for a in here['test_accuracy'])} %", intervals, ("svm",))


def gpu_grows(study: Study) -> Ours:
    """The larger network gains more from a GPU."""
    small, large = ev.gpu_speedup(study, SMALL), ev.gpu_speedup(study, LARGE)
    if not small.intervals or not large.intervals:
        return Evidence(), Verdict.UNMEASURED
    gains = [
        Interval(b.low - a.high, b.high - a.low)
        for a, b in zip(small.intervals, large.intervals, strict=False)
    ]
    return Evidence(f"{small.words}; {large.words}", gains, ("hardware",)), above(gains)


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
    return Evidence(f"the frontier of accuracy and time holds {words}", [], ("fig-time",)), holds(alone)
