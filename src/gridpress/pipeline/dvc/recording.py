"""Writing to dvc.lock what DVC did not run itself, as `dvc commit` does."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from dvc.fs import localfs
from dvc.rwlock import rwlock

from gridpress.pipeline.dvc import layout
from gridpress.pipeline.dvc.status import translated
from gridpress.study.project import Project


def commit(stages: Sequence[Any]) -> None:
    """Record stages (of `status.stages`) as their files are now, with one write of dvc.lock."""
    for stage in stages:
        stage.save(run_cache=False)
        stage.commit()
    if stages:
        stages[0].dvcfile.dump_stages(stages, update_pipeline=False)


@contextmanager
def in_use(project: Project, outputs: Sequence[Path]) -> Iterator[None]:
    """Other DVC processes keep off these files meanwhile.

    Raises:
        GridpressError: another process of DVC is at them.
    """
    folder, files = str(layout.temporary(project)), [str(path) for path in outputs]
    with ExitStack() as stack:
        with translated(project):
            stack.enter_context(rwlock(folder, localfs, " ".join(sys.argv), [], files, hardlink=False))
        yield
