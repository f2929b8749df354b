"""The block `data`."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import model_validator

from gridpress.config.block import Block
from gridpress.config.values import Positive, Samples, Seed

Sizes = dict[str, int]  # by `train`, `validation` and `test`
Used = dict[str, int]  # by `train`, `train_eval`, `validation` and `test`


class Split(Block):
    """Fractions of the pooled images; they sum to 1."""

    train: Positive
    validation: Positive
    test: Positive

    @model_validator(mode="after")
    def _sums_to_one(self) -> Split:
        total = self.train + self.validation + self.test
        if not math.isclose(total, 1, abs_tol=1e-9):
            raise ValueError(f"train, validation and test sum to {total:g}; they must sum to 1")
        return self

    def sizes(self, images: int) -> Sizes:
        """Images in each split of so many pooled images."""
        train = round(self.train * images)
        validation = round(self.validation * images)
        return {"train": train, "validation": validation, "test": images - train - validation}


class Data(Block):
    """How the pooled images are split, and how many of each split are used."""

    seed: Seed
    split: Split
    train_samples: Samples
    train_eval_samples: Samples
    val_samples: Samples
    test_samples: Samples

    def used(self, images: int) -> Used:
        """How many of so many pooled images are used of each split.

        Raises:
            ValueError: a split has fewer than are asked for.
        """
        sizes = self.split.sizes(images)
        train = _used("train_samples", self.train_samples, "the training split", sizes["train"])
        return {
            "train": train,
            "train_eval": _used("train_eval_samples", self.train_eval_samples, "train_samples", train),
            "validation": _used("val_samples", self.val_samples, "the validation split", sizes["validation"]),
            "test": _used("test_samples", self.test_samples, "the test split", sizes["test"]),
        }


def _used(key: str, wanted: int | Literal["all"], source: str, available: int) -> int:
    if wanted == "all":
        return available
    if wanted > available:
        raise ValueError(f"data.{key} is {wanted}, but {source} has {available} images")
    return wanted
