"""The five published studies, as their tables print them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from gridpress.config.recipes import Constant, Recipe
from gridpress.errors import GridpressError

CHANNELS = 3  # of the images that their networks receive
SIZES = (28, 64, 224)  # pixels a side, likewise
RECIPE = Recipe(  # by which they are trained
    stem="standard",
    weights="random",
    schedule=Constant(name="constant"),
    augmentation="none",
    label_smoothing=0.0,
    class_weight="none",
    early_stopping="none",
)


@dataclass(frozen=True)
class Published:
    """Tables of `data/published/`; accuracies in percent and times as printed, NaN where not stated."""

    studies: pd.DataFrame
    resnet: pd.DataFrame
    svm: pd.DataFrame
    hardware: pd.DataFrame
    claims: pd.DataFrame
    datasets: pd.DataFrame

    def about(self, datasets: Collection[str]) -> Published:
        """The same, or nothing but their datasets if a study of `datasets` shares none of these."""
        if self.titles.keys() & set(datasets):
            return self
        tables = {field.name: getattr(self, field.name) for field in fields(self)}
        return Published(**{n: table if n == "datasets" else table.iloc[:0] for n, table in tables.items()})

    @property
    def any(self) -> bool:
        """Whether there is a study to compare with."""
        return not self.studies.empty

    @property
    def titles(self) -> dict[str, str]:
        """Of the datasets that these studies are about, by name."""
        return dict(zip(self.datasets["dataset"], self.datasets["title"], strict=True))

    @property
    def images(self) -> int:
        """Of each of these datasets, before it is split."""
        [images] = self.datasets["images"].unique()
        return int(images)

    @property
    def classes(self) -> int:
        """Of each of these datasets."""
        [classes] = self.datasets["classes"].unique()
        return int(classes)


def read_published(folder: Path) -> Published:
    """Read the CSV files.

    Raises:
        GridpressError: one is missing or is no CSV.
    """
    return Published(**{name: _read(folder / f"{name}.csv") for name in Published.__dataclass_fields__})


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, keep_default_na=False, na_values=[""])
    except FileNotFoundError:
        raise GridpressError(f"{path} is missing; `git checkout data/published` restores it") from None
    except (ValueError, OSError) as error:
        raise GridpressError(f"{path} cannot be read: {error}") from None
