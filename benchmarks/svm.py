"""All SVM configurations of a study: fit and predict with our precomputed kernel and with plain SVC.

One thread. The two ways take turns, configuration by configuration, on the same scaled pixels; then their
predictions are compared. At the full size there is one pass, as plain SVC takes minutes (`--repeats` for
more); a smaller size has five.

Expected: 6 to 10 minutes, most of it plain SVC at 10,000 images (three of its 13 configurations took 42 s
in an earlier trial), about 2 of them the five passes at 2,000.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler
from tabulate import tabulate
from threadpoolctl import threadpool_limits

from benchmarks.results import SEED, Comparison, Setup, SvmCase, Svms, SvmSize, ratio_cells
from gridpress.benchmark.timing import orders
from gridpress.classical.svc import fit_svm, plain_svc
from gridpress.config.params import Params, load_params
from gridpress.config.svm import Svm, SvmConfig
from gridpress.data.loading import Images
from gridpress.data.splits import split
from gridpress.pipeline.stages.images import verified_images
from gridpress.progress import Advance, progress

Array = NDArray[Any]
Predict = Callable[[Array], Array]

AIM = 5.0
AIM_EQUAL = 0.9995


class Size(NamedTuple):
    """How many images, and how often all configurations are measured."""

    training_images: int
    test_images: int
    passes: int


FULL = (Size(2_000, 2_800, 5), Size(10_000, 14_000, 1))
QUICK = (Size(200, 100, 2),)


class Data(NamedTuple):
    """Scaled pixels float64 [N, 784] and labels [N]."""

    train: Array
    labels: Array
    test: Array


@dataclass
class Times:
    """Seconds of one configuration in one of the two ways, a value per pass, and its last predictions."""

    fit: list[float] = field(default_factory=list)
    predict: list[float] = field(default_factory=list)
    answers: Array = field(default_factory=lambda: np.empty(0))

    @property
    def total(self) -> list[float]:
        return [fit + predict for fit, predict in zip(self.fit, self.predict, strict=True)]


def measure(setup: Setup) -> Iterator[Svms]:
    """The record after every configuration."""
    params = load_params(setup.project.params)
    dataset = params.datasets[0]
    images = verified_images(setup.project, params, dataset)
    sizes = [size._replace(passes=setup.repeats or size.passes) for size in (QUICK if setup.quick else FULL)]
    work = sum(2 * size.passes * len(params.svm.configs) * size.training_images**2 for size in sizes)
    finished: list[SvmSize] = []
    with progress("svm", work) as advance:
        for size in sizes:
            data = prepare(images, params, size)
            for measured in measure_size(data, params.svm, size, advance):
                yield Svms(
                    dataset=dataset, aim=AIM, aim_equal_predictions=AIM_EQUAL, sizes=[*finished, measured]
                )
            finished.append(measured)


def prepare(images: Images, params: Params, size: Size) -> Data:
    """The study's first training and test images, each pixel with mean 0 and variance 1."""
    counts = {"train": size.training_images, "train_eval": 0, "validation": 0, "test": size.test_images}
    splits = split(images.labels, replace(params.division(params.datasets[0]), samples=counts))
    train, test = (
        images.pixels[index].reshape(len(index), -1) / 255 for index in (splits.train, splits.test)
    )
    scaler = StandardScaler().fit(train)
    return Data(scaler.transform(train), images.labels[splits.train], scaler.transform(test))


def measure_size(data: Data, settings: Svm, size: Size, advance: Advance) -> Iterator[SvmSize]:
    """The record of one size after every configuration of every pass."""
    times = {name: (Times(), Times()) for name in settings.configs}  # published, ours
    for _ in range(size.passes):
        for (name, config), order in zip(
            settings.configs.items(), orders(2, len(settings.configs), SEED), strict=True
        ):
            for number in order:
                fit = (fit_plain, fit_ours)[number]
                one_pass(fit, config, settings, data, times[name][number])
                advance(size.training_images**2)
            yield record(size, times)


def one_pass(
    fit: Callable[[SvmConfig, Svm, Data], Predict], config: SvmConfig, settings: Svm, data: Data, times: Times
) -> None:
    """Fit, predict the test images, add to `times`."""
    with threadpool_limits(limits=1):
        begin = time.perf_counter()
        predict = fit(config, settings, data)
        fitted = time.perf_counter()
        times.answers = predict(data.test)
        times.predict.append(time.perf_counter() - fitted)
        times.fit.append(fitted - begin)


def fit_plain(config: SvmConfig, settings: Svm, data: Data) -> Predict:
    """scikit-learn's SVC as it comes."""
    predict: Predict = plain_svc(config, settings).fit(data.train, data.labels).predict
    return predict


def fit_ours(config: SvmConfig, settings: Svm, data: Data) -> Predict:
    """As the stage fits it, the computation of the kernel included."""
    return fit_svm(config, settings, data.train, data.labels).predict


def record(size: Size, times: dict[str, tuple[Times, Times]]) -> SvmSize:
    """Of all configurations measured so far."""
    cases = [
        SvmCase(
            name=name,
            fit_seconds=Comparison.of_seconds(plain.fit, ours.fit),
            predict_seconds=Comparison.of_seconds(plain.predict, ours.predict),
            seconds=Comparison.of_seconds(plain.total, ours.total),
            equal_predictions=float((plain.answers == ours.answers).mean()),
        )
        for name, (plain, ours) in times.items()
        if plain.fit
    ]
    plain, ours = (per_pass([both[way].total for both in times.values()]) for way in (0, 1))
    return SvmSize(
        training_images=size.training_images,
        test_images=size.test_images,
        cases=cases,
        seconds=Comparison.of_seconds(plain, ours) if plain else None,
    )


def per_pass(totals: Sequence[Sequence[float]]) -> list[float]:
    """Seconds of all configurations together, for each pass that is complete."""
    return [sum(one) for one in zip(*totals, strict=False)]


def table(result: Svms) -> str:
    """A line per configuration, and one for all of them together."""
    rows = []
    for size in result.sizes:
        title = f"{size.training_images} + {size.test_images} images"
        for case in size.cases:
            equal = f"{case.equal_predictions:.2%}"
            rows.append((title, case.name, *ratio_cells(case.seconds), "", equal))
        if size.seconds is not None:
            equal = f"at least {min(case.equal_predictions for case in size.cases):.2%}"
            rows.append((title, "all", *ratio_cells(size.seconds), str(result.aim), equal))
    columns = ("", "", "plain SVC, s", "ours", "ratio", "interval", "aim", "equal predictions")
    return str(tabulate(rows, headers=columns, disable_numparse=True))
