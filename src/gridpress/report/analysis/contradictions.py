"""Records that cannot be right: they contradict themselves, or dvc.lock, as one that was edited does."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gridpress.families.registry import FAMILIES
from gridpress.pipeline.lockfile import judge, places
from gridpress.pipeline.lockfile.entries import load
from gridpress.report.data.study import Study
from gridpress.study.records.data import DataRecord


def contradictions(study: Study) -> dict[str, str]:
    """The first thing wrong with each record that cannot be right, by its path.

    What dvc.lock does not know, or where there is none, is no contradiction: it may be about to be recorded.
    """
    return {**dict(reversed([*_with_itself(study), *_with_the_lock(study)])), **study.unusable}


def _with_itself(study: Study) -> Iterator[tuple[str, str]]:
    wanted = {family.stage: family.runs(study.params) for family in FAMILIES}
    for dataset, data in study.data.items():
        labels = data.true_labels()
        if fault := _of_labels(data, labels, len(study.classes(dataset))):
            yield study.source("data", dataset), fault
            continue  # what other records say of these images cannot be judged by them
        splits = study.splits(dataset)
        for family in FAMILIES:
            for key, record in study.records[family.stage].items():
                if record.dataset == dataset:
                    for fault in family.faults(
                        record, wanted[family.stage][key], study.params, labels, splits
                    ):
                        yield study.source(family.stage, key), fault
        yield from _of_points(study, dataset, labels)


def _of_points(study: Study, dataset: str, labels: NDArray[np.uint16]) -> Iterator[tuple[str, str]]:
    for folder, points in study.points.items():
        for key, point in points.items():
            if point.run.dataset == dataset:
                for member, result in zip(point.members, point.results, strict=True):
                    yield from ((study.source(folder, key), fault) for fault in member.faults(result, labels))


def _of_labels(data: DataRecord, labels: NDArray[np.uint16], classes: int) -> str | None:
    counts = np.bincount(labels, minlength=classes).tolist()
    if counts != data.class_counts:
        return f"class_counts is {data.class_counts}, but the labels give {counts}"
    return None


def _with_the_lock(study: Study) -> Iterator[tuple[str, str]]:
    entries = load(places.lock(study.project)) or {}
    summary = study.project.summary.relative_to(study.project.root).as_posix()
    for fault in judge.edited_results(study.project.root, {*study.record_paths, summary}, entries.values()):
        path, _, what = fault.partition(": ")
        yield path, what
