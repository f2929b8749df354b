"""A stage depends on the modules that decide what it writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from gridpress.config.yaml_file import read_yaml

PACKAGE = ROOT / "src" / "gridpress"
PLUMBING = {  # says how something is read, shown or refused, but not what comes out
    f"src/gridpress/{name}.py"
    for name in (
        "__init__",
        "config/__init__",
        "config/yaml_file",
        "data/__init__",
        "data/idx",
        "errors",
        "files",
        "messages",
        "progress",
        "study/__init__",
        "study/project",
        "system/__init__",
        "system/clock",
        "system/resources",
        "pipeline/__init__",
        "benchmark/__init__",
        "stats/__init__",
        "pipeline/dvc/__init__",
        "pipeline/lockfile/__init__",
    )
}


def imported(module: Path) -> Iterator[Path]:
    """The project's own modules that a module names in its imports."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("gridpress"):
            continue
        base = PACKAGE.joinpath(*str(node.module).split(".")[1:])
        for name in node.names:
            places = [base / f"{name.name}.py", base / name.name / "__init__.py", base.with_suffix(".py")]
            yield next((path for path in places if path.is_file()), base / "__init__.py")


def everything_behind(module: Path) -> set[str]:
    found: set[Path] = set()
    todo = [module]
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo += imported(path)
    return {path.relative_to(ROOT).as_posix() for path in found}


@pytest.mark.parametrize(
    ("stage", "module"),
    [
        ("summarize", "study/summary.py"),
        ("summarize", "study/shared_errors.py"),
        ("report", "report/document.py"),
    ],
)
def test_everything_that_decides_the_outcome_is_a_dependency(stage, module):
    deps = read_yaml(ROOT / "dvc.yaml")["stages"][stage]["deps"]
    folders = tuple(f"{dep}/" for dep in deps if (ROOT / dep).is_dir())
    behind = {path for path in everything_behind(PACKAGE / module) if not path.startswith(folders)}
    left_out = behind - set(deps) - PLUMBING
    if stage == "summarize":  # their shape is checked when they are read
        left_out -= {
            f"src/gridpress/{name}.py"
            for name in ("system/machine", "config/params", "study/records", "config/values")
        }
    assert left_out == set()
