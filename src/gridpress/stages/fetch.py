"""`gridpress fetch DATASET`."""

from __future__ import annotations

from pathlib import Path

from gridpress import fetch
from gridpress.params import load_params
from gridpress.project import Project
from gridpress.records import save


def run(project: Project, dataset: str, local: Path | None) -> None:
    """Put the verified files of a dataset into place and describe them."""
    load_params(project.params)
    fetch.fetch(dataset, project.raw(dataset), local=local)
    save(fetch.describe(dataset, project.raw(dataset)), project.record("data", dataset))
