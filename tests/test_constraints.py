"""constraints.txt pins this very environment, completely."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conftest import ROOT


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [line.split("==") for line in lines if line and not line.startswith("#")]
    assert all(len(parts) == 2 for parts in found)
    return {canonicalize_name(name): pin for name, pin in found}


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in (*project["dependencies"], *extras)]


def needed_by(name: str, extras: set[str]) -> Iterator[Requirement]:
    """What an installed package requires here."""
    for line in distribution(name).requires or []:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield requirement


def test_every_declared_dependency_is_pinned():
    assert [one.name for one in declared() if canonicalize_name(one.name) not in pins()] == []


def test_everything_that_these_need_is_pinned_at_a_version_that_will_do():
    pinned, todo, seen = pins(), declared(), set()
    while todo:
        requirement = todo.pop()
        key = canonicalize_name(requirement.name), *sorted(requirement.extras)
        if key in seen:
            continue
        seen.add(key)
        assert key[0] in pinned, requirement
        assert requirement.specifier.contains(pinned[key[0]], prereleases=True), requirement
        try:
            todo += needed_by(requirement.name, requirement.extras)
        except PackageNotFoundError:  # of an extra, or for another system
            continue
    assert len(seen) > len(declared())


def test_what_is_installed_is_what_is_pinned():
    found = {}
    for name in pins():
        try:
            found[name] = version(name).partition("+")[0]
        except PackageNotFoundError:  # needed on another system, or by an extra
            continue
    assert {name: pin for name, pin in pins().items() if name in found} == found
    assert {canonicalize_name(one.name) for one in declared()} <= set(found)
