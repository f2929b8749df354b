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


COMMON = {
    "config": "reads params.yaml and declarations; the values that decide are parameters of the stage",
    "errors": "says what was wrong",
    "files": "writes files whole",
    "messages": "says what was wrong",
    "networks/names": "lists the networks; which one it is stands in the key",
    "progress": "shows how far it is",
}
CHECKPOINTS = {
    "pipeline/checkpoints": "finds where a run was interrupted, by everything that decides its result",
    "pipeline/dvc": "hashes files, for checkpoints",
    "pipeline/lockfile": "judges whether a checkpoint may go",
}
CURVES = {
    "families": "names the kinds of classifiers and their runs",
    "learning_curves": "names the runs, and finds what was chosen for them",
    "networks/torchvision": "makes networks, and is what the records of the stage `network` hold",
    "pipeline/stages": "hands images and parameters to what computes, and writes what comes back",
    "study": "names runs, their fields and their files",
    "system": "describes the machine and reads clocks: timing records, which are measurements",
}
FITS = {"classical": "fits the other classifiers, which another stage of the same module computes"}
TRAINS = {
    "networks/building": "builds networks, which another stage of the same module trains",
    "training": "trains networks, which another stage of the same module computes",
}
# Stages whose module has the name of another one.
MODULES = {"classical_curve": "learning_curve", "saturation": "learning_curve"}
# What a stage imports besides its dependencies, and why it decides no result.
REASONS = {
    "fetch": COMMON
    | {
        "data": "refuses what is not the pinned file; the record says what the pinned files hold",
        "fetch": "asks for files; which ones they are, to the bit, are parameters of the stage",
        "pipeline/stages": "finds the declaration, and writes the record",
        "study": "names files",
    },
    "network": {name: why for name, why in COMMON.items() if name not in ("networks/names", "progress")}
    | {
        "data": "is what declarations are made of",
        "pipeline/stages": "finds the file of a network, and writes the record",
        "study": "names files",
    },
    "train": COMMON
    | CHECKPOINTS
    | {
        "networks/torchvision": "makes networks, and is what the records of the stage `network` hold",
        "pipeline/stages": "hands images and parameters to what computes, and writes what comes back",
        "study": "names runs, their fields and their files",
        "system": "describes the machine and reads clocks: timing records, which are measurements",
    },
    "svm": COMMON
    | {
        "pipeline/stages": "hands images and parameters to what computes, and writes what comes back",
        "study": "names runs, their fields and their files",
        "system": "describes the machine and reads clocks: timing records, which are measurements",
    },
    "baseline": COMMON
    | {
        "pipeline/stages": "hands images and parameters to what computes, and writes what comes back",
        "study": "names runs, their fields and their files",
        "system": "describes the machine and reads clocks: timing records, which are measurements",
    },
    "learning_curve": COMMON | CHECKPOINTS | CURVES | FITS,
    "classical_curve": COMMON | CHECKPOINTS | CURVES | TRAINS,
    "saturation": COMMON | CHECKPOINTS | CURVES | FITS,
    "summarize": COMMON
    | CHECKPOINTS
    | {
        "classical": "says how much memory a fit may take, and which parameters cannot be",
        "networks/building": "counts parameters, which records are held against",
        "networks/torchvision": "counts parameters, which records are held against",
        "seeding": "is what runs draw with, and no summary",
        "training": "says how runs end, which records are held against",
        "pipeline/stages": "reads the records, and writes what results/ makes of them",
        "system": "is what timing records are made of, and no summary",
    },
    "final": {name: why for name, why in COMMON.items() if name not in ("networks/names", "progress")}
    | CHECKPOINTS
    | {
        "classical": "says how much memory a fit may take, and which parameters cannot be",
        "data": "reads labels, for what records are held against",
        "evaluation": "is what records of evaluations are made of",
        "networks": "counts parameters, which records are held against",
        "pipeline/stages": "reads the records, and writes what results/ makes of them",
        "seeding": "is what runs draw with, and no summary",
        "system": "is what timing records are made of, and no summary",
        "training": "says how runs end, which records are held against",
    },
    "report": {
        "classical": "says how much memory a fit may take, and which parameters cannot be",
        "errors": "says what was wrong",
        "files": "writes files whole",
        "messages": "says what was wrong",
        "pipeline/stages": "has the document rendered",
        "progress": "shows how far it is",
        "seeding": "is what runs draw with, and no report",
    },
}
# Of these, what the code that decides a run's result imports itself.
BEHIND_THE_CODE = {
    "config/baselines": "the values are parameters of the stage",
    "config/optimizers": "the values are parameters of the stage",
    "config/params": "finds the values, which are parameters of the stage",
    "config/recipes": "the values are parameters of the stage",
    "config/svm": "the values are parameters of the stage",
    "config/training": "the values are parameters of the stage",
    "config/values": "says what a value may be",
    "errors": "says what was wrong",
    "files": "reads what a file of weights is, which the recipe pins",
    "networks/names": "lists the networks; which one it is stands in the key",
    "networks/torchvision": "is what the records of the stage `network` hold",
    "study/grid": "names a run's parameters, which are in its key; the key is what its draws belong to",
    "study/records/timings": "holds times, which are no result",
    "system/clock": "measures times, which are no result",
    "system/machine": "describes where times were measured",
}
# What a stage starts in a process of its own, which no import tells.
STARTED = {"report": "report/document.py"}


def code_of(stage: str) -> set[Path]:
    """The modules that a stage depends on."""
    deps = read_yaml(ROOT / "dvc.yaml")["stages"][stage].get("deps", [])
    paths = [ROOT / dep for dep in deps if dep.startswith("src/")]
    return {module for path in paths for module in (path.rglob("*.py") if path.is_dir() else [path])}


def besides(stage: str) -> set[Path]:
    """What a stage runs that it does not depend on."""
    begin = [
        f"pipeline/stages/{MODULES.get(stage, stage)}.py",
        *([STARTED[stage]] if stage in STARTED else []),
    ]
    behind = {ROOT / path for module in begin for path in everything_behind(PACKAGE / module)}
    return behind - code_of(stage)


def named(modules: set[Path]) -> set[str]:
    return {path.relative_to(PACKAGE).with_suffix("").as_posix() for path in modules} - {"__init__"}


def reason(module: str, stage: str) -> str | None:
    """The room or module on the list that it is in."""
    return next((name for name in REASONS[stage] if module == name or module.startswith(f"{name}/")), None)


@pytest.mark.parametrize("stage", REASONS)
def test_what_a_stage_imports_is_a_dependency_or_has_a_reason(stage):
    assert PACKAGE / "pipeline" / "stages" / f"{MODULES.get(stage, stage)}.py" in besides(stage)
    assert [module for module in named(besides(stage)) if reason(module, stage) is None] == []


@pytest.mark.parametrize("stage", REASONS)
def test_every_reason_is_of_something_that_the_stage_imports_and_does_not_depend_on(stage):
    assert {reason(module, stage) for module in named(besides(stage))} == REASONS[stage].keys()


@pytest.mark.parametrize("stage", sorted(REASONS.keys() - {"fetch"}))
def test_what_a_stage_depends_on_is_there(stage):
    assert all(module.is_file() for module in code_of(stage))
    assert code_of(stage)


def test_the_code_that_decides_results_imports_little_else_and_each_for_a_reason():
    deciding = {module for stage in ("train", "svm", "baseline") for module in code_of(stage)}
    assert (
        named({other for module in deciding for other in imported(module)} - deciding)
        == BEHIND_THE_CODE.keys()
    )
