"""A support vector machine whose kernel is computed by itself, or beforehand by BLAS."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics.pairwise import pairwise_kernels
from sklearn.svm import SVC

from gridpress.datasets import Images
from gridpress.hardware.record import Growth, Interval, SvmCost, SvmTimes, Timing
from gridpress.hardware.spread import ratio, rounded
from gridpress.hardware.timing import no_garbage_collection, orders
from gridpress.params import Measure, SvmConfig

Features = NDArray[np.float64]


class Problem(NamedTuple):
    """Features [N, 784] from 0 to 1 and labels [N] to fit on, and as many features to predict."""

    train: Features
    labels: NDArray[Any]
    test: Features


class Answer(NamedTuple):
    """Seconds of a fit and of a prediction, and what was predicted."""

    fit_seconds: float
    predict_seconds: float
    predicted: NDArray[Any]


def problem(images: Images, samples: int) -> Problem:
    """The first `samples` images to fit on, as many that follow to predict."""
    features = images.pixels[: 2 * samples].reshape(2 * samples, -1) / 255.0
    return Problem(features[:samples], images.labels[:samples], features[samples:])


def own_kernel(config: SvmConfig, data: Problem) -> Answer:
    """libsvm computes kernel values when it needs them."""
    machine = SVC(kernel=config.kernel, C=config.C, gamma=config.gamma, degree=config.degree or 3)
    return _timed(lambda: machine.fit(data.train, data.labels), lambda: machine.predict(data.test))


def precomputed_kernel(config: SvmConfig, data: Problem) -> Answer:
    """The whole kernel matrix as a matrix product; its computation counts."""
    machine = SVC(kernel="precomputed", C=config.C)
    options: dict[str, Any] = {"gamma": gamma(config, data.train)}
    if config.kernel == "poly":
        options |= {"degree": config.degree, "coef0": 0.0}

    def matrix(features: Features) -> Features:
        return np.asarray(pairwise_kernels(features, data.train, metric=config.kernel, **options))

    return _timed(
        lambda: machine.fit(matrix(data.train), data.labels), lambda: machine.predict(matrix(data.test))
    )


def gamma(config: SvmConfig, features: Features) -> float:
    """As scikit-learn's SVC computes `scale` and `auto`."""
    match config.gamma:
        case "scale":
            return float(1 / (features.shape[1] * features.var()))
        case "auto":
            return float(1 / features.shape[1])
        case float() | int() as value:
            return float(value)


def measure_svm(settings: Measure, images: Images, on_fit: Callable[[int], None]) -> tuple[SvmCost, Growth]:
    """Fits of every size with the kernel computed either way, interleaved in random order.

    Args:
        settings: machine, sizes, repeats and seed.
        images: at least twice the largest size, those of any beginning stratified.
        on_fit: told the size of each fit done.
    """
    sizes = settings.scaling.svm_samples
    ways = {"own": own_kernel, "precomputed": precomputed_kernel}
    problems = {size: problem(images, size) for size in sizes}
    cases = [*(("own", size) for size in sizes), ("precomputed", sizes[-1])]
    answers: dict[tuple[str, int], list[Answer]] = {case: [] for case in cases}
    for order in orders(len(cases), settings.blocks, settings.seed):
        for way, size in (cases[number] for number in order):
            answers[way, size].append(ways[way](settings.svm, problems[size]))
            on_fit(size)
    return _cost(sizes[-1], answers), _growth(sizes, answers)


def _cost(samples: int, answers: Mapping[tuple[str, int], Sequence[Answer]]) -> SvmCost:
    own, precomputed = answers["own", samples], answers["precomputed", samples]
    fits = [[answer.fit_seconds for answer in side] for side in (own, precomputed)]
    predictions = [[answer.predict_seconds for answer in side] for side in (own, precomputed)]
    return SvmCost(
        samples=samples,
        own=SvmTimes(fit=Timing.of(fits[0]), predict=Timing.of(predictions[0])),
        precomputed=SvmTimes(fit=Timing.of(fits[1]), predict=Timing.of(predictions[1])),
        fit_speedup=Interval.of(ratio(*fits)),
        predict_speedup=Interval.of(ratio(*predictions)),
        equal_predictions=int((own[0].predicted == precomputed[0].predicted).sum()) / samples,
    )


def _growth(sizes: Sequence[int], answers: Mapping[tuple[str, int], Sequence[Answer]]) -> Growth:
    seconds = [[answer.fit_seconds for answer in answers["own", size]] for size in sizes]
    return Growth.of("svm fit", "samples", sizes, seconds)


def _timed(fit: Callable[[], object], predict: Callable[[], NDArray[Any]]) -> Answer:
    with no_garbage_collection():
        begin = time.perf_counter()
        fit()
        fitted = time.perf_counter()
        predicted = predict()
        end = time.perf_counter()
    return Answer(rounded(fitted - begin), rounded(end - fitted), predicted)
