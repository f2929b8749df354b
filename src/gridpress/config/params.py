"""`params.yaml` as one typed, validated object: the only source of every hyperparameter."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, PrivateAttr, ValidationError, ValidationInfo, model_validator

from gridpress.config.baselines import Baselines
from gridpress.config.block import Block
from gridpress.config.data import Data, Sizes, Used
from gridpress.config.dataset import Dataset
from gridpress.config.declared import FOLDER, Datasets, declared
from gridpress.config.hardware import Hardware
from gridpress.config.learning_curve import LearningCurve, images_at
from gridpress.config.optimizers import Optimizers
from gridpress.config.recipes import Recipe
from gridpress.config.selection import Selection
from gridpress.config.svm import Svm
from gridpress.config.training import Grid, Train
from gridpress.config.values import Axis, Name
from gridpress.config.yaml_file import read_yaml
from gridpress.data.division import OFFICIAL
from gridpress.data.splits import Division
from gridpress.errors import InputError
from gridpress.messages import explain, nearest

# Beyond these a file is no study but a mistake or an attack; nothing may hang or fill the memory.
MOST_RUNS = 10_000
MOST_BYTES = 1 << 17  # of params.yaml


class Params(Block):
    """All of params.yaml, and the declarations of its datasets."""

    datasets: Axis[Name]
    data: Data
    selection: Selection
    optimizers: Optimizers
    recipes: Annotated[dict[Name, Recipe], Field(min_length=1)]
    train: Train
    svm: Svm
    baseline: Baselines
    learning_curve: LearningCurve
    hardware: Hardware

    _declared: Datasets = PrivateAttr(default_factory=dict)

    def dataset(self, name: str) -> Dataset:
        """The declaration of one of the study's datasets."""
        return self._declared[name]

    def division(self, name: str) -> Division:
        """How the images of a dataset are divided among the splits, and how many of each are used."""
        return self.data.division(self.dataset(name).division)

    def sizes(self, name: str) -> Sizes:
        """Images of a dataset in each split."""
        return self.division(name).sizes

    def used(self, name: str) -> Used:
        """Images of a dataset that are used of each split."""
        return dict(self.division(name).samples)

    @model_validator(mode="after")
    def _fits_its_datasets(self, info: ValidationInfo) -> Params:
        declared: Datasets = info.context or {}
        for name in self.datasets:
            if name not in declared:
                raise ValueError(
                    f"datasets holds {name!r}, which {FOLDER.as_posix()} does not declare; declared are "
                    f"{', '.join(declared) or 'none'}.{nearest(name, declared)}"
                )
        self._declared = {name: declared[name] for name in self.datasets}
        for name in self.datasets:
            check_images(self, name)
        markers: dict[str, str] = {}
        for name in self.datasets:
            if (other := markers.setdefault(self.dataset(name).marker, name)) != name:
                raise ValueError(
                    f"datasets holds {other} and {name}, whose declarations have the same marker: figures "
                    "could not tell them apart"
                )
        return self

    @model_validator(mode="after")
    def _grid_is_possible(self) -> Params:
        grid = self.train.grid
        runs = math.prod((len(getattr(grid, axis)) for axis in Grid.model_fields), start=len(self.datasets))
        if runs > MOST_RUNS:
            raise ValueError(f"train.grid asks for {runs} runs; at most {MOST_RUNS}")
        curves = len(self.datasets) * len(grid.model) * len(grid.seed) * len(self.learning_curve.fractions)
        if curves > MOST_RUNS:
            raise ValueError(f"learning_curve.fractions asks for {curves} runs; at most {MOST_RUNS}")
        for name in grid.recipe:
            if name not in self.recipes:
                raise ValueError(
                    f"train.grid.recipe holds {name!r}, which recipes does not; it has "
                    f"{', '.join(self.recipes)}.{nearest(name, self.recipes)}"
                )
        return self


def check_images(params: Params, name: str) -> None:
    """Refuse numbers of images that a dataset does not have, or that no training can do with.

    Raises:
        ValueError: says which key asks for too many or too few.
    """
    dataset = params.dataset(name)
    if params.data.split.test == OFFICIAL and not any(part.split == "test" for part in dataset.parts):
        raise ValueError(
            f"data.split.test is official, but the declaration of {name} has no part with `split: test`"
        )
    used, classes = params.used(name), len(dataset.classes)
    for split, images in used.items():
        if images < classes:
            key = {"validation": "val"}.get(split, split)
            raise ValueError(
                f"data.{key}_samples leaves {images} images of {name}; its {classes} classes need at least "
                f"{classes}"
            )
    largest = max(params.train.grid.batch_size)  # beyond all images, all sizes are one and the same run
    if largest > used["train"]:
        raise ValueError(
            f"train.grid.batch_size is {largest}, but data leaves {used['train']} training images of {name}"
        )
    for fraction in params.learning_curve.fractions:
        images = images_at(fraction, params.sizes(name)["train"])
        if images < max(classes, largest):
            raise ValueError(
                f"learning_curve.fractions has {fraction}, which leaves {images} training images of {name}; "
                f"its {classes} classes and train.grid.batch_size need at least {max(classes, largest)}"
            )


def parse_params(content: Any, declared: Datasets, source: str = "params.yaml") -> Params:
    """Validated parameters.

    Args:
        content: what the YAML file holds.
        declared: the datasets that the study may name.
        source: its name, for the message.

    Raises:
        InputError: one line per fault, naming key, value and what is allowed.
    """
    if not isinstance(content, dict):
        raise InputError(f"{source}: must hold keys and values, not {type(content).__name__}")
    if "profiles" in content:
        raise InputError(
            f"{source}: profiles is no key here any more: each profile is a file, profiles/NAME.yaml, that "
            "says only what differs from params.yaml. Move yours there, or delete the block: smoke, short "
            "and published are there"
        )
    try:
        return Params.model_validate(content, context=declared)
    except ValidationError as error:
        raise InputError(explain(error, Params, source)) from None


def load_params(path: Path) -> Params:
    """Read and validate params.yaml with the declarations beside it.

    Raises InputError as their readers do.
    """
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise InputError(f"{path.name}: larger than {MOST_BYTES >> 10} KiB")
    return parse_params(read_yaml(path), declared(path.parent), path.name)
