"""The images that the stages of a study share."""

from __future__ import annotations

from functools import lru_cache

from gridpress.config.params import Data
from gridpress.data import loading
from gridpress.data.loading import Images, Splits
from gridpress.study.project import Project

_verified = lru_cache(maxsize=2)(loading.load_verified)  # a worker runs many stages on the same pinned files


def study_images(project: Project, data: Data, dataset: str) -> tuple[Images, Splits]:
    """The verified images of a dataset and which of them the study uses."""
    images = _verified(project.raw(dataset), dataset)
    return images, loading.split(images.labels, data.seed, data.split.sizes(), data.used())
