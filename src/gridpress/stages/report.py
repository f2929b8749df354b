"""`gridpress report`."""

from __future__ import annotations

from pathlib import Path

from gridpress.project import Project
from gridpress.render import render
from gridpress.report.contents import contents
from gridpress.report.manifest import manifest, write_manifest
from gridpress.report.study import Study


def run(project: Project) -> list[Path]:
    """Render the document, and leave the manifest that DVC records."""
    study = Study.load(project)
    rendered = render(project.report / "report.qmd")
    write_manifest(project.manifest, manifest(study, contents(study)))
    return rendered
