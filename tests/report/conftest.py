from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridpress.report.data.study import Study
from gridpress.study.project import Project
from report.builder import parameters, write_study


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The frozen study's parameters, small, with made-up records; read only."""
    return write_study(tmp_path_factory.mktemp("study"), parameters())


@pytest.fixture(scope="session")
def study(project: Project) -> Study:
    return Study.load(project)


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Study]:
    """A study of changed parameters: `build(datasets=["mnist"])`."""

    def build(**changes: Any) -> Study:
        return Study.load(write_study(tmp_path / "study", parameters(**changes)))

    return build
