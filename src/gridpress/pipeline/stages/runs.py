"""One run of a stage: computed, and written only if what decides it is as it was when it began."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from gridpress.config.params import Params, load_params
from gridpress.errors import GridpressError
from gridpress.progress import Advance, console, progress
from gridpress.study.project import Project
from gridpress.study.records.base import Record
from gridpress.study.records.store import save
from gridpress.system.machine import Machine, describe

# How a stage shows its progress: called with a title and the sum of all amounts, as `progress.progress`.
Show = Callable[[str, float], AbstractContextManager[Advance]]


class Computation(NamedTuple):
    """A stage that computes one run at a time.

    Attributes:
        name: of the folder of its records.
        compute: gives record and timing, from the study, its parameters, the key of the run and `Show`.
        settings: what parameters decide of a run's result, from the parameters and the key.
        code: the files of the modules that decide it.
    """

    name: str
    compute: Callable[[Project, Params, str, Show], tuple[Record, Record]]
    settings: Callable[[Params, str], object]
    code: Sequence[Path]


def compute_and_save(project: Project, stage: Computation, key: str) -> None:
    """Compute a run and write its record and its timing.

    Raises:
        InputError: params.yaml is not right or names no such run.
        GridpressError: as `unchanged` and the stage's `compute`.
    """
    params = load_params(project.params)
    with unchanged(key, lambda: (stage.settings(load_params(project.params), key), fingerprint(stage.code))):
        record, timing = stage.compute(project, params, key, progress)
    say_versions(describe())
    save(record, project.record(stage.name, key))
    save(timing, project.timing(stage.name, key))


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
            f"{key}: params.yaml, the declaration of the dataset or the code changed while it was computed; "
            "nothing was written. Run it again."
        )


def say_versions(machine: Machine) -> None:
    """A line on the terminal where libraries are not those that constraints.txt pins."""
    if differs := machine.differs_from_constraints:
        found = ", ".join(f"{name} {versions}" for name, versions in differs.items())
        console.print(f"Versions differ from constraints.txt, as the records say: {found}", markup=False)
