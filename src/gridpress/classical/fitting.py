"""One classifier of scikit-learn: fitted, timed, and evaluated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from gridpress.classical.features import Array, features, scaler
from gridpress.classical.temperature import fitted_temperature
from gridpress.config.values import Scaling
from gridpress.data.loading import Images
from gridpress.data.splits import Splits
from gridpress.evaluation.evaluate import evaluate
from gridpress.study.records.timings import ClassicalTiming
from gridpress.system.clock import Clock, read
from gridpress.system.machine import describe

CLOCK: Clock = "processor"  # one thread computes


class Fitted(Protocol):
    """A fitted classifier; features are float64 [N, D]."""

    @property
    def classes(self) -> Array:
        """The labels that it knows, rising, [K]."""

    @property
    def gives_probabilities(self) -> bool:
        """Whether `values` are probabilities; else they are decision values."""

    def predict(self, features: Array) -> Array:
        """Labels [N]."""

    def values(self, features: Array) -> Array:
        """Of float64 [N, D]."""

    def probabilities(self, values: Array, temperature: float) -> Array:
        """Of the classes that it knows, float64 [N, K]."""


C = TypeVar("C", bound=Fitted)


@dataclass(frozen=True)
class Fit(Generic[C]):
    """What a record and its timing hold of a fitted classifier; evaluations as JSON values."""

    classifier: C
    train_accuracy: float
    validation: dict[str, Any]
    test: dict[str, Any]
    temperature: float | None
    fit_seconds: float
    predict_seconds: float


def fit_and_evaluate(
    fit: Callable[[Array, Array], C], scaling: Scaling, images: Images, splits: Splits
) -> Fit[C]:
    """Fit on the training images, predict training, validation and test images, in one thread.

    Pixels are divided by 255, then scaled with what the training images give.

    Args:
        fit: gives the classifier of features float64 [N, D] and labels [N].
        scaling: of the features.
        images: all images of the dataset.
        splits: which of them to use.
    """
    scale = scaler(scaling).fit(features(images, splits.train))
    train, validation, test = (
        np.asarray(scale.transform(features(images, index)))
        for index in (splits.train, splits.validation, splits.test)
    )
    labels = images.labels
    with threadpool_limits(limits=1):
        begin = read(CLOCK)
        classifier = fit(train, labels[splits.train])
        fitted = read(CLOCK)
        answers = [classifier.predict(part) for part in (validation, test)]
        predicted = read(CLOCK)
        right = classifier.predict(train) == labels[splits.train]
        values = [classifier.values(part) for part in (validation, test)]

    def probabilities(of_part: Array, at: float) -> Array:
        shares = np.zeros((len(of_part), images.classes))
        shares[:, classifier.classes] = classifier.probabilities(of_part, at)  # 0 without a training image
        return shares

    temperature = None
    if not classifier.gives_probabilities:
        temperature = fitted_temperature(partial(probabilities, values[0]), labels[splits.validation])
    evaluations = [
        evaluate(index, labels, probabilities(of_part, temperature or 1.0), found)
        for index, of_part, found in zip((splits.validation, splits.test), values, answers, strict=True)
    ]
    return Fit(
        classifier=classifier,
        train_accuracy=int(right.sum()) / len(right),
        validation=evaluations[0],
        test=evaluations[1],
        temperature=temperature,
        fit_seconds=fitted - begin,
        predict_seconds=predicted - fitted,
    )


def record_fields(fit: Fit[Any]) -> dict[str, Any]:
    """What the record of any classifier of scikit-learn says of its answers."""
    names = ("temperature", "train_accuracy", "validation", "test")
    return {name: getattr(fit, name) for name in names}


def timing(key: str, fit: Fit[Any]) -> ClassicalTiming:
    """The timing record of a fit on this machine."""
    return ClassicalTiming(
        schema_version=ClassicalTiming.current,
        key=key,
        clock=CLOCK,
        fit_seconds=fit.fit_seconds,
        predict_seconds=fit.predict_seconds,
        machine=describe(),
    )
