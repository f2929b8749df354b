"""What DVC leaves behind when it is killed, and what the next one would stumble over."""

from __future__ import annotations

from contextlib import suppress

from gridpress.files import locked
from gridpress.pipeline.dvc import layout, rwlock
from gridpress.study.project import Project


def clear(project: Project) -> None:
    """Delete half-written copies, and release what DVC holds for processes that are gone.

    Nothing is touched that another DVC is at this very moment.
    """
    if not layout.temporary(project).is_dir():
        return
    with suppress(OSError), locked(layout.lock(project)) as ours:
        if ours:
            _discard_copies(project)
    in_use = layout.rwlock(project)
    if in_use.is_file():
        with suppress(OSError), locked(in_use.with_name(f"{in_use.name}.lock")) as ours:
            if ours:
                rwlock.release(in_use)


def _discard_copies(project: Project) -> None:
    """Delete the files that DVC, cut off, has not put into place: nobody could tell what they are."""
    for path in project.raw("").glob("*/.*.tmp"):
        if layout.COPY.fullmatch(path.name):
            path.unlink(missing_ok=True)
