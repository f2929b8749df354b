"""Versions of packages: what is installed here, against what constraints.txt pins."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version


def installed(package: str) -> str | None:
    """The version of a package; None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def read_pins(constraints: Path) -> dict[str, str] | None:
    """Pinned versions by canonical name (PEP 503), from lines such as `torch==2.14.1`, as pip reads them.

    Returns:
        None where the file cannot be read, as on a cluster that has only the installed package.
    """
    try:
        lines = constraints.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    return {
        canonicalize_name(name.strip()): pin.strip()
        for name, equals, pin in (line.partition("==") for line in lines)
        if equals
    }


def other_versions(versions: Mapping[str, str], pins: Mapping[str, str]) -> dict[str, str]:
    """The packages whose version is another than pinned, each as `2.15.0 instead of 2.14.1`.

    Args:
        versions: by package; a local part such as `+cpu` tells how one was built and is not compared.
        pins: as `read_pins` returns them.
    """
    pinned = {package: pins.get(canonicalize_name(package)) for package in versions}
    return {
        package: f"{found} instead of {pin}"
        for package, found in versions.items()
        if (pin := pinned[package]) is not None and _public(found) != _public(pin)
    }


def _public(text: str) -> str:
    """A version without its local part; what is none, such as `absent`, as it is."""
    try:
        return Version(text).public
    except InvalidVersion:
        return text
