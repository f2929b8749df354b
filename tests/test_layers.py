"""The order of the layers in docs/ARCHITECTURE.md: no import runs back up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT

PACKAGE = ROOT / "src" / "gridpress"
LAYERS = (
    ("errors", "messages", "progress", "files", "seeding"),
    ("networks", "system"),
    ("data", "evaluation"),
    ("config",),
    ("study",),
    ("fetch", "classical", "training"),
    ("adding",),
    ("families",),
    ("learning_curves",),
    ("benchmark", "results", "stages"),
    ("stats",),
    ("pipeline/dvc", "pipeline/processes"),
    ("pipeline/lockfile",),
    ("report",),
    ("render",),
    ("pipeline",),
    ("checks",),
    ("publish",),
    ("cli",),
)
PLACE = {name: place for place, layer in enumerate(LAYERS) for name in layer}


def room_of(path: str) -> str:
    """The room that a module or package below gridpress lies in."""
    parts = path.split("/")
    return "/".join(parts[:2]) if "/".join(parts[:2]) in PLACE else parts[0]


def imported(module: Path) -> Iterator[str]:
    """The rooms that a module imports from."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gridpress"):
            below = str(node.module).split(".")[1:]
            for name in node.names:
                if below or not name.name.startswith("__"):
                    yield room_of("/".join([*below, name.name]))


def modules() -> list[Path]:
    return [
        path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or not path.stem.startswith("__")
    ]


def test_every_room_has_its_layer():
    assert {room_of(path.relative_to(PACKAGE).with_suffix("").as_posix()) for path in modules()} == set(PLACE)


@pytest.mark.parametrize("room", PLACE)
def test_no_import_runs_back_up(room):
    back = {
        f"{module.relative_to(PACKAGE)} imports {other}"
        for module in modules()
        if room_of(module.relative_to(PACKAGE).with_suffix("").as_posix()) == room
        for other in imported(module)
        if other != room and PLACE[other] > PLACE[room]
    }
    assert back == set()


REPORT = "report/data", "report/presentation", "report/analysis", "report/sections"
SUMS_UP = "findings"  # the one section that says in short what the others show


def below_report(module: Path) -> tuple[str, str]:
    """The sub-package of the report that a module lies in, and its section where it is one."""
    parts = module.relative_to(PACKAGE).with_suffix("").as_posix().split("/")
    return "/".join(parts[:2]), parts[2] if parts[1] == "sections" and len(parts) > 2 else ""


def imported_of_report(module: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gridpress.report."):
            for name in node.names:
                yield below_report(PACKAGE.joinpath(*str(node.module).split(".")[1:], name.name))


@pytest.mark.parametrize("place", range(len(REPORT)))
def test_in_the_report_data_come_first_then_presentation_analysis_and_sections(place):
    above = {*REPORT[place + 1 :]}
    modules = [*(PACKAGE / REPORT[place]).rglob("*.py")]
    assert modules
    assert [
        (str(module), other)
        for module in modules
        for other, _ in imported_of_report(module)
        if other in above
    ] == []


def test_no_section_of_the_report_imports_another_one():
    sections = [*(PACKAGE / "report" / "sections").rglob("*.py")]
    found = {
        (below_report(module)[1], section)
        for module in sections
        for other, section in imported_of_report(module)
        if other == "report/sections" and section != below_report(module)[1]
    }
    assert {pair for pair in found if pair[0] != SUMS_UP} == set()
