"""This study held against a claim: evidence, and the verdict on it.

Thresholds are the claims' own figures, or, where a claim has a word instead, our reading of it, named here.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from gridpress.networks.building.architecture import Architecture
from gridpress.report.analysis.image_counts import images_in, images_used
from gridpress.report.analysis.network_costs import cost
from gridpress.report.data.published import CHANNELS
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import listed, percent, shown
from gridpress.report.sections.claims import accuracy, learning, pairs, times
from gridpress.report.sections.claims.evidence import Evidence, Ours
from gridpress.report.sections.claims.judge import Verdict, above, below, both, holds, within
from gridpress.stats.intervals import Interval

PUBLISHED_SIZE = 224  # pixels a side, for which studies A and D count FLOPs
ABOUT = 0.1  # "about", "nearly": a tenth to either side
SLIGHT = 0.01  # "slightly better", "leaves alone", "minimal" overfitting, "saturate": at most a point
EQUAL = 0.01  # "matches", "comparable", "competitive": within a point
SAME_TIME = 1.1  # training was timed once; the same work on another dataset differs by less
MNIST, FASHION = "mnist", "fashion_mnist"
SMALL, LARGE = "resnet18", "resnet50"


def judged(found: Evidence, verdict: Callable[..., Verdict], *limits: float) -> Ours:
    """Evidence with the verdict of one of `judge`'s functions on its intervals."""
    return found, verdict(found.intervals, *limits)


def at_its_size(ours: Ours, study: Study, final: Ours | None = None) -> Ours:
    """A claim about a level is judged only where all training images were used, as in the studies.

    Args:
        ours: of the grid.
        study: whose grid may use fewer.
        final: of the final models, where they decide the claim; without evidence where there are none.
    """
    fewer = [d for d in study.datasets if study.used(d, "train") < study.params.sizes(d)["train"]]
    evidence, _ = ours
    if not fewer or not evidence.intervals:
        return ours
    if final is not None and final[0].intervals:
        return final
    words = (
        f"{evidence.words}, with {images_used(study, 'train')} of {images_in(study, 'train')} training "
        "images, on which it depends: not judged"
    )
    return Evidence(words), Verdict.UNMEASURED


def chosen_ahead(
    axis: str, first: object, second: object, dataset: str | None = None
) -> Callable[[Study], Ours]:
    """What validation chooses at the second value of an axis is better than at the first."""
    return lambda study: judged(pairs.choices(study, axis, first, second, dataset), above)


def comparable(
    dataset: str | None, epoch: int | None = None, most: float = math.inf
) -> Callable[[Study], Ours]:
    """ResNet-18 is better than ResNet-50, by `most` at the most, or less than a point behind.

    At the last milestone, or the last one up to `epoch`.
    """

    def ours(study: Study) -> Ours:
        reached = [tested for tested in study.test_epochs if epoch is None or tested <= epoch]
        if not reached:
            return Evidence(f"no milestone up to epoch {epoch}"), Verdict.UNMEASURED
        found = accuracy.moved(study, ("model", LARGE, SMALL), dataset, reached[-1])
        return judged(found, within, -EQUAL, most)

    return ours


def preferred(study: Study) -> Ours:
    """SGD is the better optimizer on MNIST, Adam on FashionMNIST."""
    first = pairs.choices(study, "optimizer", "adam", "sgd", MNIST)
    second = pairs.choices(study, "optimizer", "sgd", "adam", FASHION)
    return Evidence(f"{first.words}; {second.words}"), both(above(first.intervals), above(second.intervals))


def competitive_but_slow(study: Study) -> Ours:
    """On MNIST the best SVM is at most a point behind the best network.

    Its time grows faster than its images.
    """
    gap, growth = pairs.families(study, MNIST), times.growth(study)
    verdict = both(below(gap.intervals, EQUAL), above(growth.intervals, 1.0))
    return Evidence(f"{gap.words}; {growth.words}"), verdict


def fewer_parameters(study: Study) -> Ours:
    """ResNet-18 is the more accurate, with the share of parameters saved that is claimed."""
    found = accuracy.moved(study, ("model", LARGE, SMALL))
    share = accuracy.parameter_share(study, SMALL, LARGE)
    if share is None or not found.intervals:
        return found, Verdict.UNMEASURED
    fewer = f"{percent(share, 1)} % fewer parameters with {study.published.classes} classes"
    words = f"{found.words}; {fewer} (54 % is with a thousand)"
    return Evidence(words), both(above(found.intervals), holds(round(share, 2) == 0.54))


def overfits(study: Study, gap: Callable[[Study, str], Evidence] = learning.final_gap) -> Ours:
    """Hardly a gap on MNIST, some on FashionMNIST."""
    low, high = gap(study, MNIST), gap(study, FASHION)
    if not low.intervals or not high.intervals:
        return Evidence(), Verdict.UNMEASURED
    verdict = both(below(low.intervals, SLIGHT), above(high.intervals))
    return Evidence(f"{low.words} and {high.words}", [*low.intervals, *high.intervals]), verdict


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


def flops(study: Study) -> Ours:
    """The FLOPs that study A prints, to the decimal of the claim; they depend on the networks alone."""
    classes = study.published.classes
    small, large = (
        cost(Architecture(model, CHANNELS, classes, PUBLISHED_SIZE)).flops_fvcore / 1e9
        for model in (SMALL, LARGE)
    )
    words = f"{large:.3f} and {small:.3f} GFLOPs by fvcore at {PUBLISHED_SIZE} px"
    return Evidence(words), holds((round(large, 1), round(small, 1)) == (4.1, 1.8))


def trade_off(study: Study, model: str, optimizer: str | None = None) -> Ours:
    """Against every other kind of network it is better in accuracy or time, and not worse in the other.

    What validation chose of each kind is compared, by simultaneous McNemar intervals, and by times beyond
    `SAME_TIME`. Better in one and worse in the other is a matter of weights, and decides nothing.
    """
    axes = ["model"] if optimizer is None else ["model", "optimizer"]
    wanted = (model,) if optimizer is None else (model, optimizer)
    kinds = pairs.kinds(study, axes)
    rivals = [(dataset, kind) for dataset, kind in kinds if kind != wanted and (dataset, wanted) in kinds]
    if not rivals or study.configurations["model"].nunique() == 1:
        return Evidence("no two networks were trained"), Verdict.UNMEASURED
    words, verdicts = [], []
    for dataset, kind in rivals:
        interval, ratio = kinds[dataset, wanted].against(kinds[dataset, kind], len(rivals))
        accurate = interval.low > 0, interval.high < 0
        quick = ratio > SAME_TIME, ratio < 1 / SAME_TIME
        better, worse = accurate[0] or quick[0], accurate[1] or quick[1]
        verdict = Verdict.OPEN if better == worse else holds(better)
        verdicts.append(verdict)
        told = {Verdict.OPEN: "no clear choice against", Verdict.SUPPORTED: "better than"}
        words.append(
            f"{told.get(verdict, 'worse than')} {' with '.join(map(shown, kind))} on {study.title(dataset)}"
        )
    name = " with ".join(map(shown, wanted))
    return Evidence(f"{name} is {listed(words)}"), both(*verdicts)
