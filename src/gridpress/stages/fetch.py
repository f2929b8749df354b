"""`gridpress fetch DATASET`."""

from __future__ import annotations

from pathlib import Path

from gridpress.datasets import PINNED
from gridpress.errors import InputError
from gridpress.fetch import describe, fetch, named_folder
from gridpress.messages import nearest
from gridpress.params import load_params
from gridpress.project import Project
from gridpress.records import save


def run(project: Project, dataset: str, local: Path | None) -> None:
    """Put the verified files of a dataset into place and describe them.

    Raises:
        InputError: there is no such dataset.
        GridpressError: as `fetch` does.
    """
    load_params(project.params)
    if dataset not in PINNED:
        raise InputError(f"DATASET is {dataset!r}; allowed: {', '.join(PINNED)}.{nearest(dataset, PINNED)}")
    fetch(dataset, project.raw(dataset), local=local or named_folder(project.root))
    save(describe(dataset, project.raw(dataset)), project.record("data", dataset))
