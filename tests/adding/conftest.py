"""Small made-up sources, a study that takes them in, and what holds whenever one is refused."""

from __future__ import annotations

import shutil
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from conftest import FROZEN
from gridpress.adding.add import add
from gridpress.config.dataset import Dataset
from gridpress.config.declared import FOLDER, read
from gridpress.data.loading import Images, load
from gridpress.errors import InputError
from gridpress.progress import Advance, silent
from gridpress.study.project import Project
from made_up import tree

NAME = "mine"
LONGEST = 2000  # characters of a refusal


@contextmanager
def quiet(title: str, total: float) -> Iterator[Advance]:  # noqa: ARG001
    """Shows nothing."""
    yield silent


@pytest.fixture
def study(tmp_path: Path) -> Project:
    """Two declared datasets, of which one has its files."""
    project = Project(tmp_path / "study")
    shutil.copytree(FROZEN.root / FOLDER, project.root / FOLDER)
    project.raw("mnist").mkdir(parents=True)
    (project.raw("mnist") / "train-labels-idx1-ubyte").write_bytes(b"precious")
    return project


@pytest.fixture
def take(study: Project) -> Callable[..., str]:
    """Take in a source as `mine`; what is said of it."""

    def taken(source: Path | str | None, name: str = NAME, **options: Any) -> str:
        given = {"size": None, "fit": "crop", "group": None, "title": None, "show": quiet} | options
        return add(study, name, None if source is None else str(source), **given)

    return taken


@pytest.fixture
def refuse(study: Project, take: Callable[..., str]) -> Callable[..., str]:
    """Why a source is refused, after checking that this is one short line, and that nothing is left of it."""

    def refused(source: Path | str | None, name: str = NAME, **options: Any) -> str:
        before = tree(study.root)
        with pytest.raises(InputError) as error:
            take(source, name, **options)
        assert tree(study.root) == before
        said = str(error.value)
        assert said.isprintable()
        assert len(said) < LONGEST
        assert error.value.exit_code == 2
        return said

    return refused


def declaration(study: Project, name: str = NAME) -> Dataset:
    """What was declared, as every command reads it."""
    return read(study.root / FOLDER / f"{name}.yaml")


def loaded(study: Project, name: str = NAME) -> Images:
    """What was stored, as every stage reads it."""
    return load(study.raw(name), declaration(study, name).format)


def seen(study: Project, name: str = NAME) -> np.ndarray:
    """The stored images, [N, H, W] or [N, H, W, 3]."""
    pixels = loaded(study, name).pixels
    return pixels[:, 0] if pixels.shape[1] == 1 else pixels.transpose(0, 2, 3, 1)


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def save(path: Path, pixels: np.ndarray | Image.Image, **options: Any) -> Path:
    """A picture in the format that its ending says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    (pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)).save(path, **options)
    return path


def class_folders(
    root: Path,
    names: Sequence[str] = ("cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"),
    shape: tuple[int, ...] = (8, 9),
) -> Mapping[str, np.ndarray]:
    """Pictures of noise with these paths, and their pixels."""
    pixels = {name: noise(*shape, seed=seed) for seed, name in enumerate(names)}
    for name, values in pixels.items():
        save(root / name, values)
    return pixels


@contextmanager
def little_memory(mebibytes: int) -> Iterator[None]:
    """What happens inside allocates no more than that at any time."""
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < mebibytes << 20
