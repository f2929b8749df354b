"""The order of the layers in docs/ARCHITECTURE.md: no import runs back up, and no package knows a later one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT

PACKAGE = ROOT / "src" / "gridpress"
LAYERS = (
    ("errors", "messages", "progress", "files"),
    ("networks",),
    ("system", "schema"),
    ("data",),
    ("datasets",),
    ("config",),
    ("study",),
    ("fetch",),
    ("lockfile",),
    ("classical", "training"),
    ("families",),
    ("benchmark", "results"),
    ("stats",),
    ("report",),
    ("render",),
    ("pipeline",),
    ("checks",),
    ("publish",),
    ("cli",),
)
PLACE = {name: place for place, layer in enumerate(LAYERS) for name in layer}


def rooms() -> list[str]:
    return sorted(
        path.stem for path in PACKAGE.iterdir() if path.stem not in ("__init__", "__main__", "__pycache__")
    )


def imported(module: Path) -> Iterator[str]:
    """The rooms that a module imports from."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gridpress"):
            _, *below = str(node.module).split(".")
            yield from below[:1] or [name.name for name in node.names if not name.name.startswith("__")]


def test_every_room_has_its_layer():
    assert rooms() == sorted(PLACE)


@pytest.mark.parametrize("room", rooms())
def test_no_import_runs_back_up(room):
    place = PACKAGE / room
    modules = place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    back = {
        f"{module.relative_to(PACKAGE)} imports {other}"
        for module in modules
        for other in imported(module)
        if other != room and PLACE[other] >= PLACE[room]
    }
    assert back == set()
