"""Small made-up files, which the real code takes for those of a dataset."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from made_up import idx_files

FILES = idx_files()
IMAGES = "train-images-idx3-ubyte"
DATA = FILES[IMAGES]
ZIPPED = gzip.compress(DATA)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """The data folder; no folder is named by the environment."""
    monkeypatch.delenv("GRIDPRESS_DATA", raising=False)
    return tmp_path / "data" / "mnist"


def flipped(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
