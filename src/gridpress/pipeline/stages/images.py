"""The images that the stages of a study share."""

from __future__ import annotations

from functools import lru_cache

from gridpress.config.params import Params
from gridpress.data import loading
from gridpress.data.loading import Images
from gridpress.data.splits import Splits, split
from gridpress.errors import GridpressError
from gridpress.study.project import Project

_load = lru_cache(maxsize=2)(loading.load)  # a worker runs many stages on the same pinned files


def verified_images(project: Project, params: Params, name: str) -> Images:
    """All images of a fetched dataset.

    Raises GridpressError as `loading.load` does, and says what brings the files.
    """
    try:
        return _load(project.raw(name), params.dataset(name).format)
    except GridpressError as error:
        raise GridpressError(f"{error}\n`gridpress fetch {name}` brings the right files.") from None


def study_images(
    project: Project, params: Params, name: str, draw: int | None = None
) -> tuple[Images, Splits]:
    """The verified images of a dataset and which of them are used, by parameters and the seed of a draw."""
    images = verified_images(project, params, name)
    return images, split(images.labels, params.division(name), draw)
