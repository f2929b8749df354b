"""A stage depends on the modules that decide what it writes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from gridpress.config.yaml_file import read_yaml

PACKAGE = ROOT / "src" / "gridpress"


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


# What the stages `train` and `svm` import besides their dependencies, and why it decides no result.
REASONS = {
    "config": "reads params.yaml and declarations; the values that decide are parameters of the stage",
    "errors": "says what was wrong",
    "files": "writes files whole",
    "messages": "says what was wrong",
    "networks/names": "lists the networks; which one it is stands in the key",
    "pipeline/checkpoints": "finds where a run was interrupted, by everything that decides its result",
    "pipeline/dvc": "hashes files, for checkpoints",
    "pipeline/lockfile": "judges whether a checkpoint may go",
    "pipeline/stages": "hands images and parameters to what computes, and writes what comes back",
    "progress": "shows how far it is",
    "study": "names runs, their fields and their files",
    "system": "describes the machine and reads clocks: timing records, which are measurements",
}
# Of these, what the code that decides a result imports itself.
BEHIND_THE_CODE = {
    "config/optimizers": "the values are parameters of the stage",
    "config/svm": "the values are parameters of the stage",
    "config/training": "the values are parameters of the stage",
    "errors": "says what was wrong",
    "study/grid": "names a run's parameters, which are in its key",
    "system/clock": "measures times, which are no result",
}
STAGES = ("train", "svm")


def code_of(stage: str) -> set[Path]:
    """The modules that a stage depends on."""
    deps = [dep for dep in read_yaml(ROOT / "dvc.yaml")["stages"][stage]["deps"] if dep.startswith("src/")]
    paths = [ROOT / dep for dep in deps]
    return {module for path in paths for module in (path.rglob("*.py") if path.is_dir() else [path])}


def named(modules: set[Path]) -> set[str]:
    return {path.relative_to(PACKAGE).with_suffix("").as_posix() for path in modules} - {"__init__"}


def reason(module: str) -> str | None:
    return next((name for name in REASONS if module == name or module.startswith(f"{name}/")), None)


@pytest.mark.parametrize("stage", STAGES)
def test_what_a_stage_imports_is_a_dependency_or_has_a_reason(stage):
    behind = {ROOT / path for path in everything_behind(PACKAGE / "pipeline" / "stages" / f"{stage}.py")}
    assert code_of(stage) & behind
    assert [module for module in named(behind - code_of(stage)) if reason(module) is None] == []


def test_every_reason_is_of_something_that_a_stage_imports():
    stages = [PACKAGE / "pipeline" / "stages" / f"{stage}.py" for stage in STAGES]
    behind = {ROOT / path for module in stages for path in everything_behind(module)}
    assert {reason(module) for module in named(behind)} - {None} == REASONS.keys()


def test_the_code_that_decides_results_imports_little_else_and_each_for_a_reason():
    besides = {other for stage in STAGES for module in code_of(stage) for other in imported(module)}
    deciding = {module for stage in STAGES for module in code_of(stage)}
    assert named(besides - deciding) == BEHIND_THE_CODE.keys()


# What `summarize` and `report` import besides, as it shows and refuses things but decides no number.
SHOWS = ("errors.py", "files.py", "messages.py", "classical/memory.py")
# What `summarize` imports besides, as it checks what is read, or says how long something takes.
CHECKS = ("classical/", "config/", "networks/", "system/")


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
    besides = tuple(f"src/gridpress/{name}" for name in SHOWS + (CHECKS if stage == "summarize" else ()))
    init = {path for path in behind if path.endswith("__init__.py")}
    assert {path for path in behind - set(deps) - init if not path.startswith(besides)} == set()
