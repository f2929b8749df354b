"""How each claim is held against its own study's table and against this study.

A check is found by study and the beginning of the claim in `claims.csv`; every row there has exactly one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gridpress.report.data.published import Published
from gridpress.report.data.study import Study
from gridpress.report.sections.claims import accuracy, devices, learning, ours, own, pairs, times
from gridpress.report.sections.claims.evidence import Evidence, Ours
from gridpress.report.sections.claims.judge import Verdict, above, below, majority, within
from gridpress.report.sections.claims.ours import EQUAL, FASHION, LARGE, MNIST, SMALL, at_its_size, judged
from gridpress.report.sections.claims.own import NOTHING, Own

FEW_SECONDS = 10.0  # "a few seconds"
ORDERS = 100.0  # "orders of magnitude": two


@dataclass(frozen=True)
class Check:
    """One claim, by study and beginning: what its own tables and what our records say of it."""

    study: str
    beginning: str
    own: Callable[[Published], Own]
    ours: Callable[[Study], Ours]


def _own_moved(
    study: str, axis: str, first: object, second: object, **more: Any
) -> Callable[[Published], Own]:
    return lambda published: own.moved(published, study, (axis, first, second), **more)


def _own_gpu(study: str, low: float, high: float, **where: object) -> Callable[[Published], Own]:
    return lambda published: own.speedups(
        published, study, lambda t: bool(t["ratio"].between(low, high).all()), **where
    )


def _nothing(_: Published) -> Own:
    return NOTHING


def _poly(svms: pd.DataFrame) -> pd.Series[bool]:
    return svms["kernel"] == "poly"


def _rbf(svms: pd.DataFrame) -> pd.Series[bool]:
    return svms["kernel"] == "rbf"


def _degree(degree: int) -> pairs.Rows:
    return lambda svms: svms["degree"] == degree


CHECKS = (
    Check(
        "A",
        "Most ResNet",
        lambda p: own.share(p, "A", MNIST, 99.0),
        lambda s: at_its_size(judged(accuracy.networks(s, MNIST), majority, 0.99), s),
    ),
    Check(
        "A",
        "FashionMNIST ResNet",
        lambda p: own.share(p, "A", FASHION, 90.0, 93.0),
        lambda s: at_its_size(judged(accuracy.networks(s, FASHION), majority, 0.90, 0.93), s),
    ),
    Check(
        "A",
        "Adam converges",
        _nothing,
        lambda s: judged(learning.early_lead(s), above),
    ),
    Check(
        "A",
        "SGD with learning rate",
        _own_moved("A", "learning_rate", 0.0001, 0.001, dataset=FASHION, optimizer="sgd"),
        lambda s: judged(pairs.others(s, FASHION, optimizer="sgd", learning_rate=0.0001), above),
    ),
    Check(
        "A",
        "ResNet-18 is often",
        _own_moved("A", "model", LARGE, SMALL, needed=0.5, dataset=FASHION, epochs=5),
        ours.comparable(FASHION, 5, most=ours.SLIGHT),
    ),
    Check(
        "A",
        "SVM training takes only",
        lambda p: own.fit_seconds(p, "A", FEW_SECONDS),
        lambda s: at_its_size(
            judged(times.fits(s), below, FEW_SECONDS), s, judged(times.final_fits(s), below, FEW_SECONDS)
        ),
    ),
    Check(
        "A",
        "RBF kernels",
        lambda p: own.kernels(p, "A"),
        lambda s: judged(pairs.svms(s, _poly, _rbf, "RBF"), above),
    ),
    Check(
        "A",
        "Polynomial degree 2",
        lambda p: own.degrees(p, "A"),
        lambda s: judged(pairs.svms(s, _degree(3), _degree(2), "degree 2"), above),
    ),
    Check(
        "A",
        "A polynomial SVM",
        own.weakest,
        lambda s: at_its_size(judged(accuracy.svms(s, MNIST, degree=3, C=0.1), below, 0.5), s),
    ),
    Check("A", "The GPU trains ResNet-18", _own_gpu("A", 4.95, 6.05, model=SMALL), ours.about(5.5, SMALL)),
    Check("A", "ResNet-50 costs", lambda p: own.flops(p, "A", {LARGE: 4.1, SMALL: 1.8}), ours.flops),
    Check("A", "Final accuracy", lambda p: own.device_gap(p, "A", 1.0), devices.same_result),
    Check("B", "ResNet-18 with Adam", _nothing, lambda s: ours.trade_off(s, SMALL, "adam")),
    Check(
        "B",
        "SVM training takes orders",
        own.svm_time,
        lambda s: at_its_size(
            judged(times.svm_over_network(s), above, ORDERS),
            s,
            judged(times.final_svm_over_network(s), above, ORDERS),
        ),
    ),
    Check("B", "The GPU speedup grows", lambda p: own.deeper(p, "B"), ours.gpu_grows),
    Check(
        "C",
        "Adam consistently",
        _nothing,
        lambda s: judged(pairs.networks(s, "optimizer", "sgd", "adam"), above),
    ),
    Check("C", "The GPU is nearly 20", _nothing, ours.about(20.0)),
    Check("C", "ResNet-50 has", _nothing, ours.deeper_costs_more),
    Check("C", "Pinned memory", _nothing, devices.pinned_memory),
    Check("C", "More epochs", _nothing, lambda s: judged(learning.late_gain(s, 10), below, ours.SLIGHT)),
    Check("C", "SVM is competitive", _nothing, ours.competitive_but_slow),
    Check(
        "D",
        "SGD beats Adam",
        lambda p: own.best_of_each(p, "D", ("optimizer", "adam", "sgd"), MNIST),
        ours.chosen_ahead("optimizer", "adam", "sgd", MNIST),
    ),
    Check("D", "ResNet-18 matches", _own_moved("D", "model", LARGE, SMALL), ours.comparable(None)),
    Check(
        "D",
        "The RBF kernel",
        lambda p: own.kernels(p, "D"),
        lambda s: judged(pairs.classifiers(s, "rbf", "poly"), above),
    ),
    Check(
        "D",
        "Adam beats SGD",
        lambda p: own.best_of_each(p, "D", ("optimizer", "sgd", "adam"), FASHION),
        ours.chosen_ahead("optimizer", "sgd", "adam", FASHION),
    ),
    Check(
        "D",
        "Five epochs",
        _own_moved("D", "epochs", 3, 5, span=(0.3, 0.5)),
        lambda s: judged(accuracy.moved(s, ("epoch", 3, 5)), within, 0.003, 0.005),
    ),
    Check(
        "D",
        "Learning rate 0.001",
        lambda p: own.best_of_each(p, "D", ("learning_rate", 0.0001, 0.001)),
        ours.chosen_ahead("learning_rate", 0.0001, 0.001),
    ),
    Check(
        "D",
        "ResNet beats SVM",
        lambda p: own.best_gap(p, "D"),
        lambda s: judged(pairs.families(s), above),
    ),
    Check("D", "The GPU speedup is 24", _own_gpu("D", 23.5, 38.5), ours.gpu(24.0, 38.0, SMALL, LARGE)),
    Check("D", "CPU and GPU accuracy", lambda p: own.device_gap(p, "D", 3.0), devices.same_result),
    Check(
        "D",
        "Adam costs",
        own.adam_time,
        lambda s: judged(times.step_ratio(s, "work", "SGD", "Adam"), within, 1.03, 1.05),
    ),
    Check("D", "Most learning", _nothing, lambda s: judged(learning.gain_reached(s, MNIST, 2), above, 0.5)),
    Check(
        "D",
        "Overfitting",
        _nothing,
        lambda s: at_its_size(ours.overfits(s), s, ours.overfits(s, learning.gap_of_final_models)),
    ),
    Check("D", "Deeper models", lambda p: own.deeper(p, "D"), ours.gpu_grows),
    Check("D", "The GPU is 30", _own_gpu("D", 25.0, 40.0), ours.gpu(25.0, 40.0)),
    Check("D", "All experiments", _nothing, lambda _: (Evidence(), Verdict.UNTESTABLE)),
    Check("E", "ResNet-18 outperforms", lambda p: own.best_models(p, "E"), ours.fewer_parameters),
    Check("E", "The GPU speedup lies", _own_gpu("E", 1.78, 3.84), ours.gpu(1.78, 3.84)),
    Check("E", "The GPU speedup comes", lambda p: own.device_gap(p, "E", 1.0), devices.same_result),
    Check("E", "ResNet-18 has the best", _nothing, lambda s: ours.trade_off(s, SMALL)),
    Check(
        "E",
        "An RBF SVM",
        own.rbf_match,
        lambda s: judged(pairs.classifiers(s, "rbf", SMALL, FASHION), within, -EQUAL, EQUAL),
    ),
    Check("E", "SGD is the best", own.preferred, ours.preferred),
)
