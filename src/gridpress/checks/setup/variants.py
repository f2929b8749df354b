"""The profiles: which there are, and whether each fits params.yaml."""

from __future__ import annotations

from collections.abc import Iterator

from gridpress.checks.setup.finding import Finding
from gridpress.errors import InputError
from gridpress.study import profiles
from gridpress.study.project import Project


def state(project: Project) -> Finding:
    """No profile is no fault; one that cannot be used is."""
    names = profiles.names(project)
    faults = [fault for name in names for fault in _faults(project, name)]
    return Finding("profiles", ", ".join(names) or "none", faults, given=True)


def _faults(project: Project, name: str) -> Iterator[str]:
    try:
        profiles.load(project, name)
    except InputError as error:
        yield from str(error).splitlines()
