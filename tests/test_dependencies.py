"""pyproject.toml declares what is imported, and nothing else."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conftest import ROOT

TESTS = ROOT / "tests"
NEVER_IMPORTED = {  # why each is declared all the same
    "ipykernel": "the kernel in which nbclient runs the cells of the report",
    "mypy": "a program",
    "pandas-stubs": "read by mypy",
    "pytest-xdist": "a plugin of pytest",
    "ruff": "a program",
}


def table() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def canonical(lines: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in lines}


def modules_imported_in(text: str) -> Iterator[str]:
    """Top-level names of the modules that a text of Python imports, anywhere in it."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import():
                yield from (alias.name.partition(".")[0] for alias in node.names)
            case ast.ImportFrom(level=0, module=str(module)):
                yield module.partition(".")[0]


def imported_below(*folders: Path) -> dict[str, set[str]]:
    """Third-party modules that the files below import, each with the distributions that carry it."""
    files = [path for folder in folders for path in folder.rglob("*.py")]
    ours = {"gridpress", "environment", "benchmarks", "docs", *(path.stem for path in TESTS.iterdir())}
    found = {name for path in files for name in modules_imported_in(path.read_text(encoding="utf-8"))}
    carriers = packages_distributions()
    return {
        name: set(map(canonicalize_name, carriers.get(name, [name])))
        for name in found - ours - sys.stdlib_module_names
    }


def undeclared(imported: dict[str, set[str]], declared: set[str]) -> list[str]:
    return sorted(name for name, carriers in imported.items() if not carriers & declared)


def test_everything_that_gridpress_imports_is_a_declared_dependency():
    assert undeclared(imported_below(ROOT / "src"), canonical(table()["dependencies"])) == []


def test_everything_that_tests_and_benchmarks_import_is_declared_for_users_or_developers():
    declared = canonical(table()["dependencies"] + table()["optional-dependencies"]["dev"])
    assert undeclared(imported_below(TESTS, ROOT / "benchmarks", ROOT / "docs"), declared) == []


@pytest.mark.parametrize("part", ["dependencies", "dev"])
def test_every_declared_dependency_is_imported_or_has_a_reason(part):
    places, lines = {
        "dependencies": ([ROOT / "src"], table()["dependencies"]),
        "dev": ([TESTS, ROOT / "benchmarks", ROOT / "docs"], table()["optional-dependencies"]["dev"]),
    }[part]
    used = set().union(*imported_below(*places).values())
    assert canonical(lines) - used - NEVER_IMPORTED.keys() == set()


def test_the_list_of_reasons_holds_nothing_that_is_imported_or_not_declared():
    declared = canonical(table()["dependencies"] + table()["optional-dependencies"]["dev"])
    used = set().union(*imported_below(ROOT / "src", TESTS, ROOT / "benchmarks", ROOT / "docs").values())
    assert NEVER_IMPORTED.keys() <= declared - used


def test_an_import_inside_a_function_and_one_of_a_submodule_are_found():
    text = "def f():\n    import a.b\n    from c.d import e\n\nfrom . import near\nfrom .near import g\n"
    assert set(modules_imported_in(text)) == {"a", "c"}
    assert undeclared({"a": {"a-distribution"}, "c": {"other", "c"}}, {"c"}) == ["a"]
