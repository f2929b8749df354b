"""One `gridpress repro` at a time in a study."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gridpress.errors import GridpressError
from gridpress.files import locked
from gridpress.study.project import Project


def lock(project: Project) -> Path:
    """What a `gridpress repro` holds while it is at work."""
    return project.scratch / "repro.lock"


@contextmanager
def exclusive(project: Project) -> Iterator[None]:
    """Hold the study against a second `gridpress repro`; the operating system lets go when this process ends.

    Raises:
        GridpressError: another one is at work, or the scratch folder cannot be written.
    """
    with ExitStack() as stack:
        try:
            project.scratch.mkdir(exist_ok=True)
            ours = stack.enter_context(locked(lock(project)))
        except OSError as error:
            raise GridpressError(f"cannot write {project.scratch}: {error.strerror}") from None
        if not ours:
            raise GridpressError(f"another `gridpress repro` is at work in {project.root}")
        yield
