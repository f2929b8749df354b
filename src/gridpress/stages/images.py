"""The images that the stages of a study share."""

from __future__ import annotations

from functools import lru_cache

from gridpress import datasets
from gridpress.datasets import Images, Splits
from gridpress.params import Data
from gridpress.project import Project

_verified = lru_cache(maxsize=2)(datasets.load_verified)  # a worker runs many stages on the same pinned files


def study_images(project: Project, data: Data, dataset: str) -> tuple[Images, Splits]:
    """The verified images of a dataset and which of them the study uses."""
    images = _verified(project.raw(dataset), dataset)
    return images, datasets.split(images.labels, data.seed, data.split.sizes(), data.used())
