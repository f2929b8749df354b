"""`gridpress fetch DATASET`."""

from __future__ import annotations

from pathlib import Path

from gridpress.fetch import describe, fetch
from gridpress.params import load_params
from gridpress.project import Project
from gridpress.records import save


def run(project: Project, dataset: str, local: Path | None) -> None:
    """Put the verified files of a dataset into place and describe them."""
    load_params(project.params)
    fetch(dataset, project.raw(dataset), local=local)
    save(describe(dataset, project.raw(dataset)), project.record("data", dataset))
