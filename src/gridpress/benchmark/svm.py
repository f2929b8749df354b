"""What an SVM costs: fitted by scikit-learn alone, and as the study does."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits
from torchvision.transforms.v2 import functional as transforms

from gridpress.benchmark.blocks import block_timing, growth, interval
from gridpress.benchmark.cases import SvmCase, svm_cases, svm_sweeps
from gridpress.benchmark.records.hardware import Growth, SvmCost, SvmTimes
from gridpress.benchmark.spread import ratio, rounded
from gridpress.benchmark.timing import no_garbage_collection, orders
from gridpress.classical.features import scaler
from gridpress.classical.svc import FittedSvm, fit_svm, plain_svc
from gridpress.config.hardware import Measure
from gridpress.config.svm import Svm, SvmConfig
from gridpress.config.values import Scaling
from gridpress.data.loading import Images

Features = NDArray[np.float64]
Fit = Callable[[SvmConfig, Svm, Features, NDArray[Any]], FittedSvm]


class Problem(NamedTuple):
    """Scaled features [N, pixels] and labels [N] to fit on, and as many features to predict."""

    train: Features
    labels: NDArray[Any]
    test: Features


class Answer(NamedTuple):
    """Seconds of a fit and of a prediction, what was predicted, and where kernel values came from."""

    fit_seconds: float
    predict_seconds: float
    predicted: NDArray[Any]
    precomputed: bool


def problem(images: Images, samples: int, image_size: int, scaling: Scaling) -> Problem:
    """The first `samples` images to fit on, as many that follow to predict, scaled as the study does.

    Images of another size than the study's are interpolated, as a photograph is made smaller or larger.
    """
    pixels = torch.from_numpy(images.pixels[: 2 * samples]).double()
    resized = transforms.resize(pixels, [image_size, image_size], antialias=True).numpy()
    features = resized.reshape(len(resized), -1) / 255.0
    scale = scaler(scaling).fit(features[:samples])
    scaled = np.asarray(scale.transform(features))
    return Problem(scaled[:samples], images.labels[:samples], scaled[samples:])


def own_kernel(config: SvmConfig, settings: Svm, features: Features, labels: NDArray[Any]) -> FittedSvm:
    """Plain scikit-learn on float64 [N, D] and labels [N]: libsvm computes kernel values on demand."""
    return FittedSvm(plain_svc(config, settings).fit(features, labels), kernel=None)


WAYS: dict[str, Fit] = {"own": own_kernel, "study": fit_svm}


def answer(fit: Fit, config: SvmConfig, settings: Svm, data: Problem) -> Answer:
    """Fit and predict in one thread, as the study does."""
    with threadpool_limits(limits=1), warnings.catch_warnings(), no_garbage_collection():
        warnings.simplefilter("ignore", ConvergenceWarning)  # `max_iter` is a setting
        begin = time.perf_counter()
        fitted_svm = fit(config, settings, data.train, data.labels)
        fitted = time.perf_counter()
        predicted = fitted_svm.predict(data.test)
        end = time.perf_counter()
    return Answer(rounded(fitted - begin), rounded(end - fitted), predicted, fitted_svm.kernel is not None)


def measure_svm(
    settings: Measure, svm: Svm, images: Images, on_fit: Callable[[SvmCase], None]
) -> tuple[SvmCost, list[Growth]]:
    """Fits of every size and both ways, interleaved in random order.

    Args:
        settings: the SVM, sizes, repeats and seed.
        svm: scaling, iteration limit and cache, as the study's SVMs have.
        images: at least twice the largest number, those of any beginning stratified.
        on_fit: told each fit done.
    """
    side = max(images.pixels.shape[2:])
    cases = svm_cases(settings, side)
    problems = {
        sizes: problem(images, *sizes, svm.scaling)
        for sizes in dict.fromkeys((case.samples, case.image_size) for case in cases)
    }
    answers: dict[SvmCase, list[Answer]] = {case: [] for case in cases}
    for order in orders(len(cases), settings.blocks, settings.seed):
        for case in (cases[number] for number in order):
            data = problems[case.samples, case.image_size]
            answers[case].append(answer(WAYS[case.way], settings.svm, svm, data))
            on_fit(case)
    return _cost(cases[-1], svm, answers), _growth(settings, side, answers)


def _cost(study: SvmCase, svm: Svm, answers: Mapping[SvmCase, Sequence[Answer]]) -> SvmCost:
    own, ours = answers[study._replace(way="own")], answers[study]
    fits = [[each.fit_seconds for each in side] for side in (own, ours)]
    predictions = [[each.predict_seconds for each in side] for side in (own, ours)]
    return SvmCost(
        samples=study.samples,
        scaling=svm.scaling,
        max_iter=svm.max_iter,
        cache_size=svm.cache_size,
        own=SvmTimes(fit=block_timing(fits[0]), predict=block_timing(predictions[0])),
        study=SvmTimes(fit=block_timing(fits[1]), predict=block_timing(predictions[1])),
        kernel_values="precomputed" if ours[0].precomputed else "on demand",
        fit_speedup=interval(ratio(*fits)),
        predict_speedup=interval(ratio(*predictions)),
        equal_predictions=int((own[0].predicted == ours[0].predicted).sum()) / study.samples,
    )


def _growth(settings: Measure, side: int, answers: Mapping[SvmCase, Sequence[Answer]]) -> list[Growth]:
    return [
        growth(
            "svm fit",
            sweep.axis,
            sweep.sizes,
            [[each.fit_seconds for each in answers[case]] for case in sweep.cases],
            held=sweep.held,
        )
        for sweep in svm_sweeps(settings, side)
    ]
