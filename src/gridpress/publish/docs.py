"""What a visitor of the repository sees without running anything: `docs/`, the README's generated parts."""

from __future__ import annotations

from pathlib import Path

from gridpress.files import write_bytes, write_text
from gridpress.progress import Advance, silent
from gridpress.publish import readme
from gridpress.render import render
from gridpress.report.data.study import Study
from gridpress.study.project import Project

FIGURES = ("grid", "effects")  # that the README shows


def write(project: Project, advance: Advance = silent) -> list[Path]:
    """Render the report and put it, two of its figures and the README's figures where visitors find them.

    The built-in renderer makes it, so that the bytes are the same wherever it is done.

    Args:
        project: a study whose results are up to date.
        advance: told 1 in all.

    Returns:
        What was written.
    """
    rendered = render(project.report / "report.qmd", renderer="builtin", advance=advance)
    figures = [project.report / "figures" / f"{name}.svg" for name in FIGURES]
    written = []
    for source in [*rendered, *(figure for figure in figures if figure.is_file())]:
        target = project.root / "docs" / source.name
        write_bytes(target, source.read_bytes())
        written.append(target)
    path = project.root / "README.md"
    write_text(path, readme.refreshed(path.read_text(encoding="utf-8"), Study.load(project)))
    return [*written, path]
