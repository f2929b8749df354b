"""`gridpress report`."""

from __future__ import annotations

from pathlib import Path

from gridpress.config.params import load_params
from gridpress.render import render
from gridpress.study.project import Project


def run(project: Project) -> list[Path]:
    """Render the document, which leaves the manifest that DVC records.

    Raises:
        InputError: params.yaml is not right.
        GridpressError: it could not be rendered; then there is no manifest either.
    """
    load_params(project.params)  # a message about it is clearer than one about a cell of the document
    try:
        return render(project.report / "report.qmd")
    except BaseException:
        project.manifest.unlink(missing_ok=True)  # or DVC would take the report for done
        raise
