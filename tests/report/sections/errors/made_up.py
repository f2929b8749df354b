"""Confusion matrices of any number of classes, of the classifiers that the made-up study chose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gridpress.report.data.study import Study
from gridpress.report.sections.errors import classes
from gridpress.report.sections.errors.confusion_matrices import Confusions


def confused(study: Study, number: int, images: int = 2000, length: int = 9) -> Confusions:
    """Of the first dataset's classifiers, were there `number` classes of `images` test images each.

    Every class but the first is taken for the one before, the later ones more often; names have `length`
    characters.
    """
    matrix = np.zeros((number, number), dtype=np.int64)
    for label in range(number):
        matrix[label, label - 1] = label * images // (2 * number)
        matrix[label, label] = images - matrix[label, label - 1]
    found = classes._chosen(study)[0]
    return replace(
        found,
        classes=[f"class {label:03}".ljust(length, "m") for label in range(number)],
        chosen=[(winner, matrix) for winner, _ in found.chosen],
    )
