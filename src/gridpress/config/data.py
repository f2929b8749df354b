"""The block `data`."""

from __future__ import annotations

import math

from pydantic import model_validator

from gridpress.config.block import Block
from gridpress.config.values import Positive, Samples, Seed
from gridpress.data.splits import sizes_of, used_of

Sizes = dict[str, int]  # by `train`, `validation` and `test`
Used = dict[str, int]  # by `train`, `train_eval`, `validation` and `test`

SAMPLES = {
    "train": "train_samples",
    "train_eval": "train_eval_samples",
    "validation": "val_samples",
    "test": "test_samples",
}
NAMES = {"train": "training"}  # of splits in a sentence, where it is another one


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
        return sizes_of(self.model_dump(), images)


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
        wanted = {name: getattr(self, key) for name, key in SAMPLES.items()}
        sizes = self.split.sizes(images)
        used = used_of(sizes, {name: None if value == "all" else value for name, value in wanted.items()})
        available = {**sizes, "train_eval": used["train"]}
        for name, key in SAMPLES.items():
            if used[name] > available[name]:
                source = "train_samples" if name == "train_eval" else f"the {NAMES.get(name, name)} split"
                raise ValueError(f"data.{key} is {used[name]}, but {source} has {available[name]} images")
        return used
