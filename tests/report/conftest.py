from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridpress.config.params import load_params
from gridpress.report.data.study import Study
from gridpress.study.project import Project
from report.builder import FRACTIONS, parameters, save, write_study
from report.made_up.hardware import hardware_record
from report.made_up.reading import MACHINE


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The frozen parameters with made-up records; read only."""
    return write_study(tmp_path_factory.mktemp("study"), parameters())


@pytest.fixture(scope="session")
def study(project: Project) -> Study:
    return Study.load(project)


@pytest.fixture(scope="session")
def with_curves(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Three seeds; networks gain more of more images, and are behind with few."""
    content = parameters(
        datasets=["mnist"],
        train={"grid": {"model": ["resnet18", "resnet50"], "seed": [0, 1, 2]}},
        learning_curve={"fractions": FRACTIONS, "epochs": [9]},
    )
    return Study.load(write_study(tmp_path_factory.mktemp("curves") / "study", content))


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Study]:
    """A study of changed parameters: `build(datasets=["mnist"])`."""

    def build(**changes: Any) -> Study:
        return Study.load(write_study(tmp_path / "study", parameters(**changes)))

    return build


@pytest.fixture
def mutable(tmp_path) -> Project:
    return write_study(tmp_path / "study", parameters())


@pytest.fixture
def with_gpu(mutable) -> Study:
    save(
        hardware_record(load_params(mutable.params), MACHINE, ("cpu", "cuda")),
        mutable.record("hardware", MACHINE),
    )
    return Study.load(mutable)


@pytest.fixture
def unmeasured(mutable) -> Study:
    mutable.record("hardware", MACHINE).unlink()
    return Study.load(mutable)
