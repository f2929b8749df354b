"""`gridpress fetch DATASET`."""

from __future__ import annotations

import difflib
from pathlib import Path

from gridpress.datasets import PINNED
from gridpress.errors import InputError
from gridpress.fetch import describe, fetch
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
        near = difflib.get_close_matches(dataset, PINNED, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise InputError(f"DATASET is {dataset!r}; allowed: {', '.join(PINNED)}.{hint}")
    fetch(dataset, project.raw(dataset), local=local)
    save(describe(dataset, project.raw(dataset)), project.record("data", dataset))
