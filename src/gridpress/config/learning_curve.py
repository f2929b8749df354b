"""The block `learning_curve`: what validation chose, trained with other numbers of images and epochs."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field

from gridpress.config.block import Block
from gridpress.config.values import MOST_VALUES, Epochs, PositiveShare


def _rising(values: list[float]) -> list[float]:
    if any(after <= before for before, after in pairwise(values)):
        raise ValueError("must rise")
    return values


Fractions = Annotated[list[PositiveShare], Field(max_length=MOST_VALUES), AfterValidator(_rising)]


class LearningCurve(Block):
    """Fractions of the training split, and numbers of epochs on all of it; either may be none."""

    fractions: Fractions
    epochs: Epochs


def images_at(fraction: float, images: int) -> int:
    """How many of so many images a fraction is."""
    return round(fraction * images)
