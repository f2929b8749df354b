from __future__ import annotations

import copy
import os
import runpy
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gridpress import fetch
from gridpress.config.declared import declared
from gridpress.config.params import Params, parse_params
from gridpress.config.yaml_file import read_yaml
from gridpress.data import loading
from gridpress.data.loading import Images
from gridpress.data.splits import Splits
from gridpress.errors import GridpressError
from gridpress.study import profiles
from gridpress.study.project import Project

pytest_plugins = ["suite", "tried"]

ROOT = Path(__file__).resolve().parents[1]
FROZEN = Project(
    Path(__file__).with_name("frozen")
)  # a study that stays as it is, whatever becomes of the real one
DECLARED = declared(FROZEN.root)

# `gridpress` and `dvc` as a person has them, whether or not the environment is active
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

# From here on neither this process nor one that a test starts reaches the network, or reads the committed
# study without a note of it, see `guard`.
GUARD = Path(__file__).with_name("guard")
_folder = tempfile.TemporaryDirectory(prefix="gridpress-tests-")
NOTES = Path(_folder.name) / "attempts"
NOTES.touch()
os.environ["GRIDPRESS_TEST_NOTES"] = str(NOTES)
os.environ["GRIDPRESS_TEST_STUDY"] = str(ROOT)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(GUARD), os.environ.get("PYTHONPATH")]))
os.environ["DVC_NO_ANALYTICS"] = "1"  # tests make repositories, of which DVC would send them later
READ = runpy.run_path(str(GUARD / "sitecustomize.py"))["READ"]


def attempts() -> list[str]:
    """What tried to reach the network, or read the committed study, since this was asked last."""
    noted = NOTES.read_text(encoding="utf-8").splitlines()
    NOTES.write_text("", encoding="utf-8")
    return noted


def pytest_collection_finish() -> None:
    if noted := attempts():
        raise pytest.UsageError("\n".join(["collecting the tests asked for what no test may have:", *noted]))


@pytest.fixture(autouse=True)
def _guarded(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test reaches the network; it fails even if what it calls goes on without an answer.

    One that is marked neither `committed` nor `extended` does not read the committed study either.
    """
    yield
    may_read = any(request.node.get_closest_marker(name) for name in ("committed", "extended"))
    assert [line for line in attempts() if not (may_read and line.startswith(READ))] == []


@contextmanager
def online() -> Iterator[None]:
    """Where data are really fetched, as they are in a clean checkout."""
    os.environ["GRIDPRESS_TEST_ONLINE"] = "1"
    try:
        yield
    finally:
        del os.environ["GRIDPRESS_TEST_ONLINE"]


@pytest.fixture(scope="session")
def real_data(tmp_path_factory) -> Path:
    """Both datasets, really fetched: those of this checkout, or fetched now."""
    here = ROOT / "data" / "raw"
    try:
        for name, dataset in DECLARED.items():
            loading.load(here / name, dataset.format)
    except GridpressError:
        here = tmp_path_factory.mktemp("raw")
        with online():
            for name, dataset in DECLARED.items():
                fetch.fetch(name, dataset, here / name)
    return here


@pytest.fixture(scope="session")
def content() -> Any:
    """What the params.yaml of the frozen study holds."""
    return read_yaml(FROZEN.params)


@pytest.fixture
def smoke(content_of_smoke) -> dict[str, Any]:
    """A changeable copy of params.yaml under its smoke profile."""
    return copy.deepcopy(content_of_smoke)


@pytest.fixture(scope="session")
def content_of_smoke(content) -> dict[str, Any]:
    """As `smoke`; never change it."""
    return profiles.patched(content, profiles.read(FROZEN, "smoke"))


@pytest.fixture
def params(smoke) -> Params:
    return parse_params(smoke, DECLARED)


@pytest.fixture(scope="session")
def made_up() -> tuple[Images, Splits]:
    """Ten classes that a line of bright pixels tells apart, under noise."""
    rng = np.random.default_rng(7)
    labels = np.tile(np.arange(10, dtype=np.uint8), 24)
    pixels = rng.integers(0, 90, size=(240, 1, 28, 28), dtype=np.uint8)
    pixels[np.arange(240), 0, 2 * labels + 3] = 220
    order = rng.permutation(240)
    index = np.arange(240)
    splits = Splits(train=index[:120], train_eval=index[:60], validation=index[120:180], test=index[180:])
    return Images(pixels[order], labels[order], classes=10), splits
