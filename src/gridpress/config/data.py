"""The block `data`."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import model_validator

from gridpress.config.block import Block
from gridpress.config.values import Positive, Samples, Seed, number
from gridpress.data.division import OFFICIAL, Part, pools
from gridpress.data.splits import Division, used_of

Sizes = dict[str, int]  # by `train`, `validation` and `test`
Used = dict[str, int]  # by `train`, `train_eval`, `validation` and `test`

SAMPLES = {
    "train": "train_samples",
    "train_eval": "train_eval_samples",
    "validation": "val_samples",
    "test": "test_samples",
}


class Split(Block):
    """Fractions of all images, which sum to 1; with the official test part, proportions of the others."""

    train: Positive
    validation: Positive
    test: Annotated[
        float | Literal["official"],
        number("a number above 0, or `official`", lambda value: value > 0, OFFICIAL),
    ]

    @model_validator(mode="after")
    def _sums_to_one(self) -> Split:
        if isinstance(self.test, str):
            return self
        total = self.train + self.validation + self.test
        if not math.isclose(total, 1, abs_tol=1e-9):
            raise ValueError(f"train, validation and test sum to {total:g}; they must sum to 1")
        return self


class Data(Block):
    """How the images of a dataset are split, and how many of each split are used."""

    seed: Seed
    split: Split
    train_samples: Samples
    train_eval_samples: Samples
    val_samples: Samples
    test_samples: Samples

    def division(self, parts: tuple[Part, ...]) -> Division:
        """Of a dataset of these parts."""
        drawn_from = pools(parts, tuple(self.split), self.seed)
        sizes = Division(self.seed, drawn_from, {}).sizes
        return Division(self.seed, drawn_from, used_of(sizes, self.wanted))

    @property
    def wanted(self) -> dict[str, int | None]:
        """How many images are asked for of each split; None for all."""
        values = {name: getattr(self, key) for name, key in SAMPLES.items()}
        return {name: None if value == "all" else value for name, value in values.items()}
