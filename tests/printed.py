"""What the tables of the published studies state of how they were made, in the words of params.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from conftest import FROZEN
from gridpress.report.data.frames import rows_of
from gridpress.report.data.published import Published, read_published

STUDIES = read_published(FROZEN.published).studies["study"].tolist()
PARAMETERS = {  # of the columns, as params.yaml calls them
    "dataset": "dataset",
    "device": "device",
    "model": "model",
    "batch_size": "batch_size",
    "optimizer": "optimizer",
    "learning_rate": "learning_rate",
    "epochs": "epochs",
    "amp": "precision",
    "pin_memory": "data_memory",
    "image_size": "image_size",
    "kernel": "kernel",
    "degree": "degree",
    "C": "C",
    "gamma": "gamma",
    "train_samples": "train_samples",
    "max_iter": "max_iter",
}
WORDS = {"precision": {True: "fp16", False: "fp32"}, "data_memory": {True: "pinned", False: "pageable"}}


def profile_of(letter: str) -> str:
    return f"study-{letter.lower()}"


def about(published: Published, letter: str) -> dict[str, Any]:
    """A study's row of studies.csv."""
    [row] = rows_of(published.studies[published.studies["study"] == letter])
    return row


def rows(table: pd.DataFrame, letter: str) -> list[dict[str, Any]]:
    """The parameters that each row of a study states."""
    return [
        {
            name: _in_our_words(name, row[column])
            for column, name in PARAMETERS.items()
            if column in row and not pd.isna(row[column])
        }
        for row in rows_of(table[table["study"] == letter])
    ]


def _in_our_words(name: str, value: Any) -> Any:
    if name in WORDS:
        return WORDS[name][value]
    try:
        return float(value)  # gamma, beside `scale` and `auto`
    except ValueError:
        return value


def values(found: Iterable[Mapping[str, Any]], name: str) -> set[Any]:
    """Those that rows state of a parameter."""
    return {row[name] for row in found if name in row}


def agree(row: Mapping[str, Any], settings: Mapping[str, Any]) -> bool:
    """Whether settings are what a row states of them."""
    return all(row[name] == settings[name] for name in row.keys() & settings.keys())
