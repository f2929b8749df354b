"""The declarations of a study."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gridpress.config.dataset import Dataset
from gridpress.config.yaml_file import read_yaml
from gridpress.errors import InputError
from gridpress.messages import explain

FOLDER = Path("data") / "datasets"  # below the study
MOST_BYTES = 1 << 20  # of a declaration

Datasets = Mapping[str, Dataset]


def declared(root: Path) -> dict[str, Dataset]:
    """Every dataset that the study in the folder `root` declares, by name, in alphabetical order.

    Raises:
        InputError: a declaration cannot be read, or is not right; names file and key.
    """
    return {path.stem: read(path) for path in sorted((root / FOLDER).glob("*.yaml"))}


def read(path: Path) -> Dataset:
    """One declaration; raises InputError as `declared` does."""
    name = (FOLDER / path.name).as_posix()
    if path.stat().st_size > MOST_BYTES:
        raise InputError(f"{name}: larger than {MOST_BYTES >> 20} MiB")
    return parse(read_yaml(path), name)


def parse(content: Any, source: str) -> Dataset:
    """A declaration from what its file holds; raises InputError as `declared` does."""
    if not isinstance(content, dict):
        raise InputError(f"{source}: must hold keys and values, not {type(content).__name__}")
    try:
        return Dataset.model_validate(content)
    except ValidationError as error:
        raise InputError(explain(error, Dataset, source)) from None
