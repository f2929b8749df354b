"""Support vector machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from gridpress.classical.memory import LARGEST_MATRIX
from gridpress.config.dataset import Dataset
from gridpress.config.params import Params
from gridpress.data.loading import Labels
from gridpress.data.splits import Splits
from gridpress.families.classical import Classical, features_memory
from gridpress.families.family import Rate
from gridpress.study import expected
from gridpress.study.grid import SvmRun, svm_runs
from gridpress.study.records.runs import SvmRecord
from gridpress.study.records.timings import ClassicalTiming

KERNELS = {"poly": "Polynomial", "rbf": "RBF", "linear": "Linear", "sigmoid": "Sigmoid"}


def inline(kernel: str) -> str:
    """A kernel inside a sentence: polynomial, linear, RBF."""
    title = KERNELS[kernel]
    return title if title.isupper() else title.lower()


class Svms(Classical[SvmRun, SvmRecord]):
    """scikit-learn's SVC, one record per configuration."""

    stage = "svm"
    singular, plural = "SVM", "SVMs"
    size = "support vectors"
    run = "SVM fit"
    record = SvmRecord

    def runs(self, params: Params) -> Mapping[str, SvmRun]:
        return svm_runs(params)

    def expected(self, run: SvmRun, params: Params) -> dict[str, Any]:
        return expected.svm_fields(run, params)

    def classifier(self, of: SvmRun | SvmRecord) -> str:
        return of.config.kernel

    def settings(self, of: SvmRun | SvmRecord, params: Params) -> dict[str, Any]:  # noqa: ARG002
        settings = {name: getattr(of.config, name) for name in ("degree", "C", "gamma")}
        return {name: value for name, value in settings.items() if value is not None}

    def title(self, classifier: str) -> str:
        return f"{KERNELS[classifier]} SVM"

    def phrase(self, classifier: str) -> str:
        return f"the {inline(classifier)} SVM"

    def faults(
        self, record: SvmRecord, run: SvmRun, params: Params, labels: Labels, splits: Splits
    ) -> Iterator[str]:
        yield from super().faults(record, run, params, labels, splits)
        images = np.bincount(labels[splits.train], minlength=len(params.dataset(run.dataset).classes))
        images = images[images > 0]  # a class without one is not fitted
        vectors = np.asarray(record.support_vectors, dtype=float)
        if vectors.shape != images.shape or (vectors < 0).any() or (vectors > images).any():
            yield f"support_vectors is {record.support_vectors}, of {images.tolist()} training images"

    def size_of(self, record: SvmRecord) -> int:
        return sum(record.support_vectors)

    def stored(self, record: SvmRecord, dataset: Dataset) -> int:
        """A support vector keeps its pixels, and its weight against each other class."""
        return self.size_of(record) * (dataset.pixels + len(dataset.classes) - 1)

    def memory(self, params: Params) -> int:
        """Features, libsvm's cache, and a kernel matrix where it is small enough."""
        samples = max(params.used(name)["train"] for name in params.datasets)
        matrix = 8 * samples**2
        cache = min(params.svm.cache_size << 20, 4 * samples**2)
        return features_memory(params) + cache + (matrix if matrix <= LARGEST_MATRIX else 0)

    def rate(self, record: SvmRecord, timing: ClassicalTiming) -> Rate:
        """Seconds per squared number of training images."""
        unit = (record.config.kernel, record.config.degree)
        return Rate(unit, (timing.fit_seconds + timing.predict_seconds) / record.train_samples**2)

    def seconds(self, run: SvmRun, params: Params, rates: Mapping[tuple[Any, ...], float]) -> float | None:
        """In proportion to the squared number of training images."""
        rate = rates.get((run.config.kernel, run.config.degree))
        return None if rate is None else rate * params.used(run.dataset)["train"] ** 2


SVMS = Svms()
