"""Python, packages and Quarto: what is installed, against what the study pins."""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Mapping
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from gridpress.checks.setup.finding import Finding
from gridpress.render.installed_quarto import found as found_quarto
from gridpress.study.project import Project
from gridpress.system.pins import installed, other_versions, read_pins

INSTALL = "`pip install --constraint constraints.txt --editable .`"


def python(project: Project) -> Finding:
    """Python's version, which may be newer than the least that pyproject.toml asks for."""
    wanted = str(_declared(project).get("requires-python", ""))
    found = platform.python_version()
    if _allows(wanted, found):
        return Finding("Python", found)
    return Finding(
        "Python", found, [f"Python is {found}, but Gridpress needs {wanted}: `make PYTHON=…` names another"]
    )


def packages(project: Project) -> Finding:
    """Every dependency that pyproject.toml names, held against constraints.txt."""
    named = _dependencies(project)
    pins = read_pins(project.root / "constraints.txt")
    if not named or not pins:
        lost = "pyproject.toml or constraints.txt is missing or broken"
        return Finding(
            "packages", "unknown", [f"{lost}: `git checkout -- pyproject.toml constraints.txt` restores both"]
        )
    versions = {name: installed(name) for name in named}
    absent = [name for name, found in versions.items() if found is None]
    other = other_versions({name: found for name, found in versions.items() if found is not None}, pins)
    faults = []
    if absent:
        faults.append(f"not installed: {', '.join(absent)}: {INSTALL} does it")
    if other:
        listed = ", ".join(f"{name} {difference}" for name, difference in other.items())
        faults.append(f"other versions than tested: {listed}: {INSTALL} installs the tested ones")
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


def _dependencies(project: Project) -> list[str]:
    """Names of the declared dependencies; none where one of them can't be read."""
    try:
        return [Requirement(str(entry)).name for entry in _declared(project).get("dependencies", ())]
    except InvalidRequirement:
        return []


def _allows(wanted: str, found: str) -> bool:
    """Whether `wanted`, such as `>=3.11`, allows a version; what can't be read forbids none."""
    try:
        return SpecifierSet(wanted).contains(found, prereleases=True)
    except InvalidSpecifier:
        return True
