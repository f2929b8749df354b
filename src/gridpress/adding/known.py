"""Datasets that a study knows by name before it has their images: `data/known/NAME.yaml`."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from gridpress.config.block import Block
from gridpress.config.dataset import Plain
from gridpress.config.values import Line
from gridpress.config.yaml_file import read_yaml
from gridpress.errors import InputError
from gridpress.messages import explain, nearest

FOLDER = Path("data") / "known"  # below the study


class Known(Block):
    """Where a dataset comes from, and what its declaration says of it."""

    source: Line
    title: Plain
    citation: Line
    licence: Line
    note: Line | None = None


def known(root: Path, name: str) -> Known:
    """A known dataset of the study in the folder `root`.

    Raises:
        InputError: there is none of this name, or its file is not right.
    """
    paths = {path.stem: path for path in sorted((root / FOLDER).glob("*.yaml"))}
    if name not in paths:
        raise InputError(
            f"{name} needs a SOURCE; known without one: {', '.join(paths) or 'none'}.{nearest(name, paths)}"
        )
    try:
        return Known.model_validate(read_yaml(paths[name]))
    except ValidationError as error:
        raise InputError(explain(error, Known, (FOLDER / f"{name}.yaml").as_posix())) from None
