from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gridpress.render import render

LOOK = Path(__file__).resolve().parents[2] / "report"
SAMPLE = Path(__file__).with_name("sample.qmd")
FRONT = '---\ntitle: "T"\ndate: 2024-05-17\n---\n'

Write = Callable[[str], Path]


def copy_look(folder: Path) -> Path:
    """The report's templates, filters and typeface, without its content."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("_quarto.yml", "report.css", "report.html5", "report.lua"):
        shutil.copy(LOOK / name, folder)
    for path in LOOK.glob("*.typ"):
        shutil.copy(path, folder)
    shutil.copytree(LOOK / "fonts", folder / "fonts", dirs_exist_ok=True)
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a document whose text begins on line 5, with the report's look beside it."""

    def written(text: str) -> Path:
        path = copy_look(tmp_path / "report") / "report.qmd"
        path.write_text(FRONT + text, encoding="utf-8")
        return path

    return written


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the sample document was rendered to both formats by the built-in renderer."""
    folder = copy_look(tmp_path_factory.mktemp("sample") / "report")
    document = folder / "report.qmd"
    shutil.copy(SAMPLE, document)
    assert render(document, renderer="builtin") == [folder / "report.html", folder / "report.pdf"]
    return folder
