"""Images of a dataset that are the same to the pixel, and whether they are in more than one split."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gridpress.report.data.study import Study


class Duplicates(NamedTuple):
    """What is the same in a dataset.

    Attributes:
        dataset: its name.
        pooled: all its images.
        images: of these, those that are the same as another one.
        labelled: of these, images whose label differs from that of another one of the same pixels.
        tested: test images used.
        trained: of these, images that are the same as a training or validation image used.
    """

    dataset: str
    pooled: int
    images: int
    labelled: int
    tested: int
    trained: int


def duplicate_images(study: Study) -> list[Duplicates]:
    """What is the same in each dataset that has a record."""
    return [_of(study, dataset) for dataset in study.data]


def _of(study: Study, dataset: str) -> Duplicates:
    record, tested = study.data[dataset], study.used(dataset, "test")
    if not record.duplicates:
        return Duplicates(dataset, record.images, 0, 0, tested, 0)
    labels, splits = record.true_labels(), study.splits(dataset)
    same = [np.array(indices) for indices in record.duplicates]
    differing = [indices for indices in same if len(np.unique(labels[indices])) > 1]
    learned = _members(record.images, np.concatenate([splits.train, splits.validation]))
    test = _members(record.images, splits.test)
    return Duplicates(
        dataset,
        record.images,
        sum(map(len, same)),
        sum(map(len, differing)),
        tested,
        sum(int(test[indices].sum()) for indices in same if learned[indices].any()),
    )


def _members(images: int, indices: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of so many images these are, [N]."""
    return np.isin(np.arange(images), indices)
