"""A support vector machine: arrays and one configuration in, accuracies and support vectors out.

scikit-learn's SVC (libsvm): Chang and Lin, "LIBSVM: A library for support vector machines", 2011.
"""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.base import TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler
from sklearn.svm import SVC

from gridpress.datasets import Images, Splits
from gridpress.params import Svm, SvmConfig


@dataclass(frozen=True)
class Fit:
    """A fitted machine's answers."""

    train_accuracy: float
    validation_accuracy: float
    test_accuracy: float
    misclassified: dict[str, list[int]]
    support_vectors: list[int]
    converged: bool
    fit_seconds: float
    predict_seconds: float


def fit(config: SvmConfig, settings: Svm, images: Images, splits: Splits) -> Fit:
    """Fit on the training images, predict training, validation and test images.

    Pixels are divided by 255, then scaled as `settings.scaling` says with what the training images give.

    Args:
        config: kernel, C, gamma and degree.
        settings: scaling, iteration limit and cache, shared by all configurations.
        images: all images of the dataset.
        splits: which of them to use.
    """
    scaler = _scaler(settings.scaling).fit(_features(images, splits.train))

    def features(index: np.ndarray) -> np.ndarray:
        return np.asarray(scaler.transform(_features(images, index)))

    machine = SVC(
        kernel=config.kernel,
        C=config.C,
        gamma=config.gamma,
        degree=config.degree or 3,  # read by the poly kernel only, which always has one
        max_iter=settings.max_iter,
        cache_size=settings.cache_size,
    )
    train, validation, test = (features(index) for index in (splits.train, splits.validation, splits.test))
    begin = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the record says so
        machine.fit(train, images.labels[splits.train])
    fitted = time.perf_counter()
    validation_answers, test_answers = machine.predict(validation), machine.predict(test)
    predicted = time.perf_counter()
    wrong = np.flatnonzero(test_answers != images.labels[splits.test])
    wrong = wrong[np.argsort(splits.test[wrong])]
    return Fit(
        train_accuracy=_accuracy(machine.predict(train), images.labels[splits.train]),
        validation_accuracy=_accuracy(validation_answers, images.labels[splits.validation]),
        test_accuracy=_accuracy(test_answers, images.labels[splits.test]),
        misclassified={"index": splits.test[wrong].tolist(), "predicted": test_answers[wrong].tolist()},
        support_vectors=machine.n_support_.tolist(),
        converged=machine.fit_status_ == 0,
        fit_seconds=fitted - begin,
        predict_seconds=predicted - fitted,
    )


def _features(images: Images, index: np.ndarray) -> np.ndarray:
    """float64 [N, 784], from 0 to 1."""
    return np.divide(images.pixels[index].reshape(len(index), -1), 255.0)


def _scaler(name: str) -> TransformerMixin:
    scalers = {"standard": StandardScaler, "minmax": MinMaxScaler, "none": FunctionTransformer}
    return scalers[name]()


def _accuracy(answers: np.ndarray, truth: np.ndarray) -> float:
    return int((answers == truth).sum()) / len(truth)
