"""A stage depends on the modules that decide what it writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from gridpress.config.yaml_file import read_yaml

PACKAGE = ROOT / "src" / "gridpress"
# Says how something is read, shown or refused, or how many runs go at once, but not what comes out.
PLUMBING = (
    *("__init__.py", "errors.py", "files.py", "messages.py", "progress.py", "pipeline/__init__.py"),
    "classical/memory.py",
)
# What checks the shape of what is read, and names it; besides, how long something takes.
SHAPES = ("classical/", "config/", "datasets/", "networks/", "schema/", "system/")


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


# What the code that decides a run's result imports besides, and why it decides nothing.
REASONS = {
    "__init__": "names and describes packages",
    "errors": "says what was wrong",
    "config/optimizers": "the values are dependencies as parameters of the stage",
    "config/svm": "the values are dependencies as parameters of the stage",
    "config/training": "the values are dependencies as parameters of the stage",
    "study/grid": "names a run's parameters, which are in its key",
    "system/clock": "measures times, which are no result",
}


@pytest.mark.parametrize("stage", ["train", "svm"])
def test_what_decides_a_run_imports_nothing_else_that_could(stage):
    deps = [dep for dep in read_yaml(ROOT / "dvc.yaml")["stages"][stage]["deps"] if dep.startswith("src/")]
    own = {
        path
        for dep in deps
        for path in ((ROOT / dep).rglob("*.py") if (ROOT / dep).is_dir() else [ROOT / dep])
    }
    besides = {other for module in own for other in imported(module)} - own
    assert {path.relative_to(PACKAGE).with_suffix("").as_posix() for path in besides} <= set(REASONS)


@pytest.mark.parametrize(
    ("stage", "module"),
    [
        ("summarize", "results/summary.py"),
        ("summarize", "results/shared_errors.py"),
        ("report", "report/document.py"),
    ],
)
def test_everything_that_decides_the_outcome_is_a_dependency(stage, module):
    deps = read_yaml(ROOT / "dvc.yaml")["stages"][stage]["deps"]
    folders = tuple(f"{dep}/" for dep in deps if (ROOT / dep).is_dir())
    behind = {path for path in everything_behind(PACKAGE / module) if not path.startswith(folders)}
    besides = PLUMBING + (SHAPES if stage == "summarize" else ())
    named = tuple(f"src/gridpress/{name}" for name in besides)
    assert {path for path in behind - set(deps) if not path.startswith(named)} == set()
