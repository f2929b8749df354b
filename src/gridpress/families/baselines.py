"""Other classifiers of scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

from gridpress.config.dataset import Dataset
from gridpress.config.params import Params
from gridpress.families.classical import Classical, features_memory
from gridpress.families.family import Rate
from gridpress.messages import counted
from gridpress.study import expected
from gridpress.study.grid import BaselineRun, baseline_runs
from gridpress.study.records.runs import BaselineRecord
from gridpress.study.records.timings import ClassicalTiming

TITLES = {
    "logistic_regression": "Logistic regression",
    "linear_svm": "Linear SVM (LIBLINEAR)",
    "k_nearest_neighbours": "k-nearest neighbours",
    "random_forest": "Random forest",
    "histogram_gradient_boosting": "Gradient boosting",
}


class Baselines(Classical[BaselineRun, BaselineRecord]):
    """scikit-learn's other classifiers, one record per configuration."""

    stage = "baseline"
    singular, plural = "baseline", "baselines"
    size = "stored numbers"
    run = "baseline fit"
    record = BaselineRecord

    def runs(self, params: Params) -> Mapping[str, BaselineRun]:
        return baseline_runs(params)

    def expected(self, run: BaselineRun, params: Params) -> dict[str, Any]:
        return expected.baseline_fields(run, params)

    def classifier(self, of: BaselineRun | BaselineRecord) -> str:
        return of.config.estimator

    def settings(self, of: BaselineRun | BaselineRecord, params: Params) -> dict[str, Any]:  # noqa: ARG002
        return dict(of.config.parameters)

    def title(self, classifier: str) -> str:
        return TITLES[classifier]

    def phrase(self, classifier: str) -> str:
        title = TITLES[classifier]
        return (
            f"the {title[0].lower()}{title[1:]}"
            if title.startswith("Linear")
            else title[0].lower() + title[1:]
        )

    def size_of(self, record: BaselineRecord) -> int:
        return record.stored

    def stored(self, record: BaselineRecord, dataset: Dataset) -> int:  # noqa: ARG002
        return record.stored

    def memory(self, params: Params) -> int:
        """Features of all splits, and a copy of the training images as some estimators keep it."""
        return features_memory(params)

    def rate(self, record: BaselineRecord, timing: ClassicalTiming) -> Rate:
        """Seconds per training image, of the same estimator with the same parameters."""
        seconds = timing.fit_seconds + timing.predict_seconds
        return Rate(_unit(record), seconds / record.train_samples)

    def seconds(
        self, run: BaselineRun, params: Params, rates: Mapping[tuple[Any, ...], float]
    ) -> float | None:
        """As long per training image as with the same parameters, or as the estimator took with others."""
        others = [rate for (estimator, *_), rate in rates.items() if estimator == run.config.estimator]
        if not others:
            return None
        return rates.get(_unit(run), fmean(others)) * params.used(run.dataset)["train"]

    def impossible(self, params: Params, root: Path) -> Iterator[str]:  # noqa: ARG002
        """Parameters that scikit-learn does not take, by themselves or with so few training images."""
        from gridpress.classical.baselines import objection  # noqa: PLC0415  # seconds

        fewest = min(params.used(dataset)["train"] for dataset in params.datasets)
        for name, config in params.baseline.configs.items():
            neighbours = config.parameters.get("n_neighbors")
            if (reason := objection(config)) is not None:
                yield f"params.yaml: baseline.configs.{name}: {reason}"
            elif isinstance(neighbours, int) and neighbours > fewest:
                yield (
                    f"params.yaml: baseline.configs.{name}: n_neighbors is {neighbours}, but there are only "
                    f"{counted(fewest, 'training image')}"
                )


def _unit(of: BaselineRun | BaselineRecord) -> tuple[Any, ...]:
    return of.config.estimator, *of.config.parameters.items()


BASELINES = Baselines()
