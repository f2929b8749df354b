"""Python, packages and Quarto: what is installed, against what the study pins."""

from __future__ import annotations

import platform
import re
import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from gridpress.checks.setup.finding import Finding
from gridpress.render.installed_quarto import found as found_quarto
from gridpress.study.project import Project

INSTALL = "`pip install --constraint constraints.txt --editable .`"


def python(project: Project) -> Finding:
    """Python's version, which may be newer than the least that pyproject.toml asks for."""
    least = str(_declared(project).get("requires-python", ""))
    found = platform.python_version()
    if sys.version_info[:2] >= tuple(map(int, re.findall(r"\d+", least)[:2])):
        return Finding("Python", found)
    return Finding(
        "Python", found, [f"Python is {found}, but Gridpress needs {least}: `make PYTHON=…` names another"]
    )


def packages(project: Project) -> Finding:
    """Every dependency that pyproject.toml names, held against constraints.txt."""
    named = [
        re.split(r"[^\w.-]", str(entry), maxsplit=1)[0]
        for entry in _declared(project).get("dependencies", ())
    ]
    pinned = _pinned(project)
    if not named or not pinned:
        lost = "pyproject.toml or constraints.txt is missing or broken"
        return Finding(
            "packages", "unknown", [f"{lost}: `git checkout -- pyproject.toml constraints.txt` restores both"]
        )
    found = {name: _installed(name) for name in named}
    absent = [name for name, there in found.items() if there is None]
    other = [
        f"{name} {there} instead of {pinned[_canonical(name)]}"
        for name, there in found.items()
        if there is not None
        and there.partition("+")[0] != pinned.get(_canonical(name), there).partition("+")[0]
    ]
    faults = []
    if absent:
        faults.append(f"not installed: {', '.join(absent)}: {INSTALL} does it")
    if other:
        faults.append(f"other versions than tested: {', '.join(other)}: {INSTALL} installs the tested ones")
    if faults:
        return Finding("packages", f"{len(absent)} missing, {len(other)} of other versions", faults)
    return Finding("packages", f"all {len(named)} as in constraints.txt")


def quarto() -> Finding:
    """Quarto's version; to do without it is no fault, and neither is an old one."""
    there = found_quarto()
    if there is None:
        return Finding("Quarto", "not installed: the built-in renderer is used")
    if there.problem is None:
        return Finding("Quarto", str(there.version))
    if there.version is None:
        helps = "install it again; until then the built-in renderer is used"
        return Finding("Quarto", "does not start", [f"Quarto {there.problem}: {helps}"])
    return Finding("Quarto", f"{there.problem.removeprefix('is ')}: the built-in renderer is used")


def _declared(project: Project) -> Mapping[str, Any]:
    """The `project` table of pyproject.toml; empty where it can't be read."""
    try:
        content = tomllib.loads((project.root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    declared = content.get("project")
    return declared if isinstance(declared, dict) else {}


def _pinned(project: Project) -> dict[str, str]:
    try:
        lines = (project.root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return {}
    return {
        _canonical(name): pin.strip()
        for name, equals, pin in (line.partition("==") for line in lines)
        if equals
    }


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _canonical(name: str) -> str:
    """As PEP 503 compares names."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
