"""The stages of dvc.yaml, one module each: read parameters and data, compute, write the records."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import ModuleType

from gridpress.errors import GridpressError
from gridpress.progress import Advance, console
from gridpress.system.machine import Machine

# How a stage shows its progress: called with a title and the sum of all amounts, as `progress.progress`.
Show = Callable[[str, float], AbstractContextManager[Advance]]


def sources(*modules: ModuleType) -> list[Path]:
    """The files of modules, and all those of packages, in alphabetical order."""
    files = [Path(str(module.__file__)) for module in modules]
    return sorted(
        path
        for file in files
        for path in (file.parent.glob("*.py") if file.name == "__init__.py" else [file])
    )


def fingerprint(code: Sequence[Path]) -> str:
    """SHA-256 over the modules as they lie there now."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()


@contextmanager
def unchanged(key: str, look: Callable[[], object]) -> Iterator[None]:
    """A computation during which what `look` sees must not change.

    DVC reads parameters and code when a stage ends; it would record the result of the earlier ones as theirs.

    Raises:
        GridpressError: something changed.
    """
    before = look()
    yield
    if look() != before:
        raise GridpressError(
            f"{key}: params.yaml or the code changed while it was computed; nothing was written. Run it "
            "again."
        )


def say_versions(machine: Machine) -> None:
    """A line on the terminal where libraries are not those that constraints.txt pins."""
    if differs := machine.differs_from_constraints:
        found = ", ".join(f"{name} {versions}" for name, versions in differs.items())
        console.print(f"Versions differ from constraints.txt, as the records say: {found}", markup=False)
