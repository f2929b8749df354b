"""Records that can be read, but that no table can be made from, as of images that do not exist."""

from __future__ import annotations

from gridpress.config.params import Params
from gridpress.families.registry import family_of
from gridpress.study.records.data import DataRecord
from gridpress.study.records.runs import RunRecord


def of_data(params: Params, record: DataRecord) -> str | None:
    """What makes it unusable; None where nothing does."""
    dataset = params.dataset(record.dataset)
    classes = len(dataset.classes)
    if record.images != dataset.images:
        return f"images is {record.images}, not {dataset.images}"
    if record.shape != (shape := [*dataset.shape]):
        return f"shape is {record.shape}, not {shape}"
    if len(record.class_counts) != classes:
        return f"class_counts has {len(record.class_counts)} classes, not {classes}"
    if (largest := int(record.true_labels().max(initial=0))) >= classes:
        return f"labels holds {largest}, where there are {classes} classes"
    if largest := next((s.label for s in record.samples if s.label >= classes), 0):
        return f"samples holds the label {largest}, where there are {classes} classes"
    return None


def of_run(params: Params, record: RunRecord) -> str | None:
    """What makes it unusable; None where nothing does."""
    dataset, used = params.dataset(record.dataset), params.used(record.dataset)
    images, classes = dataset.images, len(dataset.classes)
    for state in family_of(record).tested(record):
        for name, part in (("validation", state.validation), ("test", state.test)):
            index, predicted = part.misclassified.index, part.misclassified.predicted
            if len(index) > used[name]:
                return f"misclassified holds {len(index)} of {used[name]} {name} images"
            if index and max(index) >= images:
                return f"misclassified.index holds image {max(index)}, where there are {images}"
            if predicted and max(predicted) >= classes:
                return f"misclassified.predicted holds {max(predicted)}, where there are {classes} classes"
    return None
