"""A support vector machine: arrays and one configuration in, accuracies and support vectors out.

scikit-learn's SVC (libsvm): Chang and Lin, "LIBSVM: A library for support vector machines", 2011. Its
kernels are functions of the dot products of images, which BLAS computes for all pairs in one go; libsvm would
compute them one by one whenever it needs them. Above a bound on memory it does.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler
from sklearn.svm import SVC
from threadpoolctl import threadpool_limits

from gridpress.classical.memory import LARGEST_MATRIX
from gridpress.config.svm import Svm, SvmConfig
from gridpress.data.loading import Images
from gridpress.data.splits import Splits
from gridpress.system.clock import Clock, read

Array = NDArray[Any]
Columns = slice | NDArray[np.integer[Any]]

CLOCK: Clock = "processor"  # one thread computes
BLOCK = 500  # rows of a kernel matrix whose dot products are computed at once
CACHED = 16  # rows of kernel values computed from them at once, which stay in the processor's cache


@dataclass(frozen=True)
class Fit:
    """The answers of a fitted SVM."""

    train_accuracy: float
    validation_accuracy: float
    test_accuracy: float
    misclassified: dict[str, list[int]]
    support_vectors: list[int]
    converged: bool
    kernel_values: str
    fit_seconds: float
    predict_seconds: float


def fit(config: SvmConfig, settings: Svm, images: Images, splits: Splits) -> Fit:
    """Fit on the training images, predict training, validation and test images, in one thread.

    Pixels are divided by 255, then scaled as `settings.scaling` says with what the training images give.

    Args:
        config: kernel, C, gamma and degree.
        settings: scaling, iteration limit and cache, shared by all configurations.
        images: all images of the dataset.
        splits: which of them to use.
    """
    scale = scaler(settings.scaling).fit(_features(images, splits.train))

    def features(index: Array) -> Array:
        return np.asarray(scale.transform(_features(images, index)))

    train, validation, test = (features(index) for index in (splits.train, splits.validation, splits.test))
    with threadpool_limits(limits=1):
        begin = read(CLOCK)
        svm = fit_svm(config, settings, train, images.labels[splits.train])
        fitted = read(CLOCK)
        validation_answers, test_answers = svm.predict(validation), svm.predict(test)
        predicted = read(CLOCK)
        train_answers = svm.predict(train)
    wrong = np.flatnonzero(test_answers != images.labels[splits.test])
    wrong = wrong[np.argsort(splits.test[wrong])]
    return Fit(
        train_accuracy=_accuracy(train_answers, images.labels[splits.train]),
        validation_accuracy=_accuracy(validation_answers, images.labels[splits.validation]),
        test_accuracy=_accuracy(test_answers, images.labels[splits.test]),
        misclassified={"index": splits.test[wrong].tolist(), "predicted": test_answers[wrong].tolist()},
        support_vectors=svm.svc.n_support_.tolist(),
        converged=svm.svc.fit_status_ == 0,
        kernel_values="on demand" if svm.kernel is None else "precomputed",
        fit_seconds=fitted - begin,
        predict_seconds=predicted - fitted,
    )


@dataclass(frozen=True)
class FittedSvm:
    """A fitted SVC and, where the kernel was precomputed, what computes it for other images."""

    svc: SVC
    kernel: Kernel | None

    def predict(self, features: Array) -> Array:
        """The class of each row of float64 [N, D], in blocks of bounded memory."""
        if self.kernel is None:
            return np.concatenate([self.svc.predict(block) for block in blocks(features)])
        vectors, answers = self.svc.support_, []
        values = np.zeros(
            (min(BLOCK, len(features)), len(self.kernel.train))
        )  # libsvm reads those of `vectors`
        for block in blocks(features):
            values[: len(block), vectors] = self.kernel(block, vectors)
            answers.append(self.svc.predict(values[: len(block)]))
        return np.concatenate(answers)


def plain_svc(config: SvmConfig, settings: Svm) -> SVC:
    """scikit-learn's SVC, which computes kernel values when it needs them."""
    return SVC(
        kernel=config.kernel,
        C=config.C,
        gamma=config.gamma or "scale",  # which the linear kernel, that has none, does not read
        degree=config.degree or 0,  # read by the poly kernel only, which always has one
        max_iter=settings.max_iter,
        cache_size=settings.cache_size,
    )


def fit_svm(config: SvmConfig, settings: Svm, features: Array, labels: Array) -> FittedSvm:
    """Fit on float64 [N, D] and labels [N], with the kernel precomputed where its matrix is small enough."""
    svc = plain_svc(config, settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the record says so
        if len(features) ** 2 * 8 > LARGEST_MATRIX:
            return FittedSvm(svc.fit(features, labels), kernel=None)
        kernel = Kernel(config, features)
        return FittedSvm(svc.set_params(kernel="precomputed").fit(kernel.matrix(), labels), kernel)


class Kernel:
    """A kernel between any images and the training images, from dot products.

    Those of float32 are enough for poly and rbf. The dual problem of a linear or sigmoid kernel, which is
    singular or not even convex, answers to the last bits: it gets float64, as libsvm computes it.
    """

    def __init__(self, config: SvmConfig, features: Array) -> None:
        self.config = config
        self.gamma = self._gamma(features)
        self.type = np.float32 if config.kernel in ("poly", "rbf") else np.float64
        self.train = features.astype(self.type)
        self.squares = _squares(self.train)

    def __call__(self, features: Array, columns: Columns) -> Array:
        """Kernel values float64 [N, M] between float64 [N, D] and M of the training images."""
        values = np.empty((len(features), len(self.squares[columns])))
        self._fill(values, features.astype(self.type), columns)
        return values

    def matrix(self) -> Array:
        """Kernel values float64 [N, N] of all pairs of training images; symmetric, so half is computed."""
        size = len(self.train)
        values = np.empty((size, size))
        for start in range(0, size, BLOCK):
            stop = min(start + BLOCK, size)
            self._fill(values[start:stop, start:], self.train[start:stop], slice(start, size))
            values[stop:, start:stop] = values[start:stop, stop:].T
        return values

    def _fill(self, values: Array, left: Array, columns: Columns) -> None:
        """Write in place: touching new memory would take longer than the computation."""
        products = left @ self.train[columns].T
        squares, others = _squares(left), self.squares[columns]
        for first in range(0, len(left), CACHED):
            rows = slice(first, first + CACHED)
            part = values[rows]
            match self.config.kernel:
                case "linear":
                    part[:] = products[rows]
                case "poly":
                    base = np.multiply(products[rows], self.gamma, out=part).copy()
                    for _ in range(1, self.config.degree or 1):  # np.power takes three times as long
                        part *= base
                case "rbf":
                    np.multiply(products[rows], 2.0, out=part)
                    part -= squares[rows, None]
                    part -= others
                    np.minimum(part, 0, out=part)  # minus the squared distance
                    part *= self.gamma
                    np.exp(part, out=part)
                case "sigmoid":
                    np.multiply(products[rows], self.gamma, out=part)
                    np.tanh(part, out=part)

    def _gamma(self, features: Array) -> float:
        """As scikit-learn's SVC reads `scale` and `auto`; 1 for the linear kernel, which has none."""
        if self.config.gamma == "scale":
            return float(1 / (features.shape[1] * (features.var() or 1)))
        return 1 / features.shape[1] if self.config.gamma == "auto" else self.config.gamma or 1.0


def blocks(rows: Array) -> Iterator[Array]:
    """Consecutive pieces of at most BLOCK rows."""
    return (rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK))


def _squares(features: Array) -> Array:
    return np.asarray(np.square(features.astype(np.float64)).sum(axis=1))


def _features(images: Images, index: Array) -> Array:
    """float64 [N, D], from 0 to 1."""
    return np.divide(images.pixels[index].reshape(len(index), -1), 255.0)


def scaler(name: str) -> TransformerMixin:
    """What scales features, before it is fitted to the training images."""
    scalers = {"standard": StandardScaler, "minmax": MinMaxScaler, "none": FunctionTransformer}
    return scalers[name]()


def _accuracy(answers: Array, truth: Array) -> float:
    return int((answers == truth).sum()) / len(truth)
