"""Fetched datasets, and the images that the report shows."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, model_validator

from gridpress.config.values import Name
from gridpress.study.records.base import Count, Label, Record, RecordPart


def _base64(text: str) -> str:
    base64.b64decode(text, validate=True)
    return text


Base64 = Annotated[str, AfterValidator(_base64)]


def evenly_spread(labels: Iterable[int], most: int) -> list[int]:
    """Up to `most` labels in order, evenly spread over all of them."""
    ordered = sorted(labels)
    places = np.linspace(0, len(ordered) - 1, min(most, len(ordered))).round().astype(int)
    return [ordered[place] for place in places.tolist()]


class Sample(RecordPart):
    """One image for the report."""

    index: Count
    label: Label
    pixels: Base64 = Field(description="uint8 [C, H, W] in base64")


class DataRecord(Record):
    """A fetched dataset: what it is, not where it came from."""

    current = 3
    named_by = "dataset"
    dataset: Name
    sha256: dict[str, str] = Field(description="of each decompressed file, by its name")
    images: Count
    shape: list[Count] = Field(
        min_length=3, max_length=3, description="channels, height and width of an image"
    )
    class_counts: list[Count]
    labels: Base64 = Field(
        description=(
            "of all pooled images, little-endian uint16 [N] in base64: what misclassified images really show"
        )
    )
    duplicates: list[list[Count]] = Field(
        description="pooled images that are the same to the pixel: their indices, rising, set by set"
    )
    samples: list[Sample]

    @model_validator(mode="after")
    def _belong_together(self) -> DataRecord:
        if len(base64.b64decode(self.labels)) != 2 * self.images:
            raise ValueError(f"labels does not hold {self.images} labels")
        if any(len(base64.b64decode(sample.pixels)) != math.prod(self.shape) for sample in self.samples):
            raise ValueError(f"a sample does not hold {math.prod(self.shape)} pixels")
        indices = [index for same in self.duplicates for index in same]
        if any(len(same) < 2 for same in self.duplicates) or len(set(indices)) < len(indices):
            raise ValueError("duplicates are not disjoint sets of two images or more")
        if indices and max(indices) >= self.images:
            raise ValueError(f"duplicates name the image {max(indices)} of {self.images}")
        return self

    def true_labels(self) -> NDArray[np.uint16]:
        """The label of every pooled image, uint16 [N]."""
        return np.frombuffer(base64.b64decode(self.labels), dtype="<u2")


class ImagesRecord(Record):
    """The few test images of each dataset that the report shows as errors, by index."""

    datasets: dict[Name, list[Sample]]
