"""A support vector machine: arrays and one configuration in, accuracies and support vectors out.

scikit-learn's SVC (libsvm): Chang and Lin, "LIBSVM: A library for support vector machines", 2011. Its
kernels are functions of the dot products of images, which BLAS computes for all pairs in one go; libsvm would
compute them one by one whenever it needs them. Above a bound on memory it does.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import SVC

from gridpress.classical.features import Array
from gridpress.classical.memory import LARGEST_MATRIX
from gridpress.classical.temperature import one_vs_one
from gridpress.config.svm import Svm, SvmConfig

Columns = slice | NDArray[np.integer[Any]]

BLOCK = 500  # rows of a kernel matrix whose dot products are computed at once
CACHED = 16  # rows of kernel values computed from them at once, which stay in the processor's cache


@dataclass(frozen=True)
class FittedSvm:
    """A fitted SVC and, where the kernel was precomputed, what computes it for other images."""

    svc: SVC
    kernel: Kernel | None

    @property
    def classes(self) -> Array:
        return np.asarray(self.svc.classes_)

    @property
    def gives_probabilities(self) -> bool:
        return False

    def predict(self, features: Array) -> Array:
        """The class of each row of float64 [N, D]."""
        return self._answers(self.svc.predict, features)

    def values(self, features: Array) -> Array:
        """Decision values of each pair of classes, float64 [N, K (K - 1) / 2]; of two classes [N]."""
        return self._answers(self.svc.decision_function, features)

    def probabilities(self, values: Array, temperature: float) -> Array:
        """Of the classes, float64 [N, K], from what `values` gives."""
        return one_vs_one(values, len(self.classes), temperature)

    def _answers(self, function: Callable[[Array], Array], features: Array) -> Array:
        """What a function of the SVC says of float64 [N, D], in blocks of bounded memory."""
        if self.kernel is None:
            return np.concatenate([function(block) for block in blocks(features)])
        vectors, answers = self.svc.support_, []
        values = np.zeros(
            (min(BLOCK, len(features)), len(self.kernel.train))
        )  # libsvm reads those of `vectors`
        for block in blocks(features):
            values[: len(block), vectors] = self.kernel(block, vectors)
            answers.append(function(values[: len(block)]))
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
        decision_function_shape="ovo",
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
