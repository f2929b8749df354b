"""One `gridpress repro` at a time in a study."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dvc.lock import LockError, make_lock

from gridpress.errors import GridpressError
from gridpress.study.project import Project


@contextmanager
def alone(project: Project) -> Iterator[None]:
    """Hold the study against a second `gridpress repro`; the operating system lets go when this process ends.

    Raises:
        GridpressError: another one is at work, or the scratch folder cannot be written.
    """
    lock = make_lock(str(project.scratch / "repro.lock"))
    try:
        project.scratch.mkdir(exist_ok=True)
        lock.lock()
    except LockError:
        raise GridpressError(f"another `gridpress repro` is at work in {project.root}") from None
    except OSError as error:
        raise GridpressError(f"cannot write {project.scratch}: {error.strerror}") from None
    try:
        yield
    finally:
        lock.unlock()
