"""The temporary files that killed processes of ours leave behind."""

from __future__ import annotations

from gridpress.files import discard_partial
from gridpress.study.project import Project


def clear(project: Project) -> None:
    """Delete half-written files whose writers are gone."""
    scratch = project.scratch
    places = [project.metrics, project.report, scratch / "finished", scratch / "checkpoints"]
    found = [path for place in places for path in place.rglob(".*.partial")]
    for path in (*found, *scratch.glob(".*.partial")):
        discard_partial(path)
