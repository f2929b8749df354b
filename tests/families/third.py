"""A third kind of classifier, and what Gridpress says of a study that has it.

Run as a program, since every module binds the families as it is imported: `python -m families.third FOLDER`.
"""

# ruff: noqa: ARG002, PLC0415, T201  # it answers what is asked of a family, after it made itself one

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridpress.config.params import Params
from gridpress.families import registry
from gridpress.families.consistency import contradictions, other_parameters
from gridpress.families.family import Family, Tested
from gridpress.study.records.base import Count, Record
from gridpress.study.records.runs import Evaluation, RunRecord
from gridpress.system.clock import Clock
from gridpress.system.machine import Machine


@dataclass(frozen=True)
class CentroidRun:
    dataset: str
    metric: str = "euclidean"

    @property
    def key(self) -> str:
        return f"{self.dataset}-{self.metric}"


class CentroidRecord(RunRecord):
    metric: str
    test_samples: Count
    validation: Evaluation
    test: Evaluation


class CentroidTiming(Record):
    named_by = "key"
    key: str
    clock: Clock
    fit_seconds: float
    machine: Machine


class Centroids(Family[CentroidRun, CentroidRecord, CentroidTiming]):
    """The class of the nearest mean image."""

    stage = "centroid"
    singular, plural, run, size = "nearest centroid", "nearest centroids", "centroid fit", "centroids"
    record, timing = CentroidRecord, CentroidTiming

    def runs(self, params: Params) -> Mapping[str, CentroidRun]:
        return {run.key: run for run in map(CentroidRun, params.datasets)}

    def work(self, params: Params) -> str:
        return f"{len(self.runs(params))} fits"

    def expected(self, run: CentroidRun, params: Params) -> dict[str, Any]:
        return {
            "dataset": run.dataset,
            "metric": run.metric,
            "test_samples": params.used(run.dataset)["test"],
        }

    def classifier(self, of: CentroidRun | CentroidRecord) -> str:
        return of.metric

    def configuration(self, of: CentroidRun | CentroidRecord) -> tuple[Any, ...]:
        return of.dataset, of.metric

    def settings(self, of: CentroidRun | CentroidRecord, params: Params) -> dict[str, Any]:
        return {}

    def experiment(self, run: CentroidRun, params: Params) -> str:
        return f"dvc exp run centroid@{run.key}"

    def title(self, classifier: str) -> str:
        return f"Nearest centroid ({classifier})"

    def phrase(self, classifier: str) -> str:
        return f"the nearest centroid ({classifier})"

    def tested(self, record: CentroidRecord) -> Sequence[Tested]:
        return [Tested(None, None, record.validation, record.test)]

    def faults(self, record: Any, run: Any, params: Params, labels: Any, splits: Any) -> Iterator[str]:
        yield from other_parameters(record, self.expected(run, params))
        yield from contradictions("test", record.test, labels, splits.test, classes=10)

    def size_of(self, record: CentroidRecord) -> int:
        return 10

    def stored(self, record: CentroidRecord, dataset: Any) -> int:
        return 10 * dataset.pixels

    def training_seconds(self, timing: CentroidTiming, epoch: int | None) -> float:
        return timing.fit_seconds

    def memory(self, params: Params) -> int:
        return 0

    def rate(self, record: CentroidRecord, timing: CentroidTiming) -> None:
        return None

    def seconds(self, run: CentroidRun, params: Params, rates: Any) -> None:
        return None


def main(folder: Path) -> dict[str, Any]:
    third = Centroids()
    registry.FAMILIES = (*registry.FAMILIES, third)
    registry.BY_STAGE[third.stage] = third

    from gridpress.checks.setup import results
    from gridpress.checks.verify import committed
    from gridpress.report.analysis import best, recipes
    from gridpress.report.analysis.contradictions import contradictions as faults_of
    from gridpress.report.contents import Contents
    from gridpress.report.data.study import Study
    from gridpress.results.shared_errors import most_shared_errors
    from gridpress.results.summary import curves, summarize
    from report.builder import parameters, save, write_study
    from report.made_up.machine import MACHINE
    from report.made_up.runs import evaluation

    project = write_study(folder, parameters(datasets=["mnist"]))
    before = Study.load(project)
    run, params = CentroidRun("mnist"), before.params
    record = CentroidRecord(
        schema_version=1,
        key=run.key,
        dataset="mnist",
        metric=run.metric,
        test_samples=params.used("mnist")["test"],
        validation=evaluation(params, "mnist", 0.8, run.key, part="validation"),
        test=evaluation(params, "mnist", 0.8, run.key),
    )
    timing = CentroidTiming(
        schema_version=1, key=run.key, clock="processor", fit_seconds=0.25, machine=MACHINE
    )
    save(record, project.record(third.stage, run.key))
    save(timing, project.timing(third.stage, run.key))
    study = Study.load(project)
    records = [found for by_key in study.records.values() for found in by_key.values()]
    said = Contents(study)
    shown = {item.name: item.data.to_csv() for items in said.values() for item in items}
    wrong = record.test.model_copy(update={"accuracy": 0.5})
    save(record.model_copy(update={"test": wrong}), project.record(third.stage, run.key))
    runs, _ = committed.read(project, params)
    [chosen] = best.of_family(study, third)
    return {
        "missing before": before.missing,
        "missing": study.missing,
        "wanted": [path.name for model, path in results.wanted(project, params) if model is CentroidRecord],
        "committed": [name for name in runs if name.startswith("centroid@")],
        "summary": summarize(["mnist"], records, "accuracy")["mnist"][run.metric],
        "curves": [row for row in curves(["mnist"], records, "accuracy") if row["run"] == run.key],
        "hardest": [found.classifier.title for found in most_shared_errors(records, params)],
        "best": [chosen.name, chosen.training_seconds, chosen.seeds, math.isnan(chosen.seed_interval.low)],
        "commands": "centroid@mnist-euclidean" in "".join(recipes.listing(study)),
        "items": [name for name, text in shown.items() if "entroid" in text or "euclidean" in text],
        "contradiction": faults_of(Study.load(project)),
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
