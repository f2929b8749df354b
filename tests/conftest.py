from __future__ import annotations

import copy
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gridpress.datasets import Images, Splits
from gridpress.params import Params, parse_params, read_yaml

ROOT = Path(__file__).resolve().parents[1]

# `gridpress` and `dvc` as a person has them, whether or not the environment is active
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


@pytest.fixture(scope="session")
def content() -> Any:
    """What the committed params.yaml holds."""
    return read_yaml(ROOT / "params.yaml")


@pytest.fixture
def smoke(content) -> dict[str, Any]:
    """A changeable copy of params.yaml under its smoke profile."""
    return {**copy.deepcopy(content), **copy.deepcopy(content["profiles"]["smoke"])}


@pytest.fixture
def params(smoke) -> Params:
    return parse_params(smoke)


@pytest.fixture(scope="session")
def made_up() -> tuple[Images, Splits]:
    """Ten classes that a line of bright pixels tells apart, under noise."""
    rng = np.random.default_rng(7)
    labels = np.tile(np.arange(10, dtype=np.uint8), 24)
    pixels = rng.integers(0, 90, size=(240, 28, 28), dtype=np.uint8)
    pixels[np.arange(240), 2 * labels + 3] = 220
    order = rng.permutation(240)
    index = np.arange(240)
    splits = Splits(train=index[:120], train_eval=index[:60], validation=index[120:180], test=index[180:])
    return Images(pixels=pixels[order], labels=labels[order]), splits
