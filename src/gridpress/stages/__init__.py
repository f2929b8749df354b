"""The stages of dvc.yaml, one module each: read parameters and data, compute, write the records."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from gridpress.machine import Machine
from gridpress.progress import Advance, console

# How a stage shows its progress: called with a title and the sum of all amounts, as `progress.progress`.
Show = Callable[[str, float], AbstractContextManager[Advance]]


def say_versions(machine: Machine) -> None:
    """A line on the terminal where libraries are not those that constraints.txt pins."""
    if differs := machine.differs_from_constraints:
        found = ", ".join(f"{name} {versions}" for name, versions in differs.items())
        console.print(f"Versions differ from constraints.txt, as the records say: {found}", markup=False)
