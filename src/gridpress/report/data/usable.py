"""Records that can be read, but that no table can be made from, as of images that do not exist."""

from __future__ import annotations

from gridpress.config.params import POOLED_IMAGES
from gridpress.data.loading import CLASSES
from gridpress.study.records import DataRecord, SvmRecord, TrainRecord


def of_data(record: DataRecord) -> str | None:
    """What makes it unusable; None where nothing does."""
    if len(record.labels) != POOLED_IMAGES:
        return f"labels has {len(record.labels)} digits, not {POOLED_IMAGES}"
    if len(record.class_counts) != CLASSES:
        return f"class_counts has {len(record.class_counts)} classes, not {CLASSES}"
    return None


def of_run(record: TrainRecord | SvmRecord, tested: int) -> str | None:
    """What makes it unusable, where `tested` images were predicted; None where nothing does."""
    parts = record.milestones if isinstance(record, TrainRecord) else [record]
    for part in parts:
        index = part.misclassified.index
        if len(index) > tested:
            return f"misclassified holds {len(index)} of {tested} test images"
        if index and max(index) >= POOLED_IMAGES:
            return f"misclassified.index holds image {max(index)}, where there are {POOLED_IMAGES}"
    return None
