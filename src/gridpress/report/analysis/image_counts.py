"""Numbers of images in words: once where they are the same for all datasets, else for each."""

from __future__ import annotations

from collections.abc import Callable

from gridpress.report.data.study import Study
from gridpress.report.presentation.names import count, listed


def images_used(study: Study, split: str) -> str:
    """How many images of a split are used: `7 000`, or `7 000 (MNIST) and 360 (Digits)`."""
    return _in_words(study, lambda dataset: study.params.used(dataset)[split])


def images_in(study: Study, split: str) -> str:
    """How many images a split has."""
    return _in_words(study, lambda dataset: study.params.sizes(dataset)[split])


def _in_words(study: Study, number: Callable[[str], int]) -> str:
    numbers = {dataset: number(dataset) for dataset in study.datasets}
    if len(set(numbers.values())) == 1:
        return count(next(iter(numbers.values())))
    return listed(f"{count(images)} ({study.title(dataset)})" for dataset, images in numbers.items())
