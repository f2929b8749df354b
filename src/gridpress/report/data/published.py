"""The five published studies, as their tables print them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from gridpress.errors import GridpressError

IMAGES = 70_000  # of each dataset that these studies split
TITLES = {"mnist": "MNIST", "fashion_mnist": "FashionMNIST"}  # of the datasets that these studies are about


@dataclass(frozen=True)
class Published:
    """Tables of `data/published/`; accuracies in percent and times as printed, NaN where not stated."""

    studies: pd.DataFrame
    resnet: pd.DataFrame
    svm: pd.DataFrame
    hardware: pd.DataFrame
    claims: pd.DataFrame


def read_published(folder: Path) -> Published:
    """Read the five CSV files.

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
