"""Composed Markdown to HTML or Typst, by Pandoc with the document's own template and filters."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pypandoc

from gridpress.errors import GridpressError
from gridpress.render.cells import Composed
from gridpress.render.document import QuartoDocument

FILTERS = Path(__file__).parent

MAIN = "{partials}\n\n$body$\n"


def version() -> str:
    """Pandoc's version."""
    return str(pypandoc.get_pandoc_version())


def to_html(document: QuartoDocument, composed: Composed, renderer: str) -> str:
    """One HTML page with everything in it; raises GridpressError with the line of a fault."""
    html = document.settings.format.html
    options = [
        "--to=html5",
        f"--template={html.template}",
        f"--css={html.css}",
        f"--toc-depth={html.toc_depth}",
        "--mathml",
        "--embed-resources",
    ]
    return _pandoc(document, composed, renderer, options)


def to_typst(document: QuartoDocument, composed: Composed, renderer: str) -> str:
    """The source of the PDF; raises GridpressError with the line of a fault."""
    typst = document.settings.format.typst
    folder = document.path.parent
    with tempfile.TemporaryDirectory() as scratch:
        template = Path(scratch) / "main.typ"
        # Pandoc eats one newline after a partial, hence the empty lines.
        partials = "\n\n".join(
            (folder / name).read_text(encoding="utf-8") for name in typst.template_partials
        )
        template.write_text(MAIN.format(partials=partials), encoding="utf-8")
        options = ["--to=typst", f"--template={template}", f"--toc-depth={typst.toc_depth}"]
        return _pandoc(document, composed, renderer, options)


def _pandoc(document: QuartoDocument, composed: Composed, renderer: str, options: list[str]) -> str:
    settings = document.settings
    metadata: dict[str, Any] = {
        "title": settings.title.strip(),  # this and other texts are Markdown, for Quarto too
        "date": settings.date.isoformat(),
        "lang": settings.lang,
        "renderer": renderer,
        "by-author": [{"name": {"literal": author}} for author in settings.authors],  # as Quarto names them
        "section-numbering": "1.1",
        "papersize": settings.format.typst.papersize,
        "fontsize": settings.format.typst.fontsize,
    }
    for name in ("subtitle", "description"):
        if text := getattr(settings, name):
            metadata[name] = text.strip()  # a line, where Pandoc takes one with a line end for a paragraph
    if settings.abstract:
        metadata["abstract"] = settings.abstract
    filters = [FILTERS / "subset.lua", *settings.filters, FILTERS / "floats.lua"]
    with tempfile.TemporaryDirectory() as scratch:
        metadata_file = Path(scratch) / "metadata.json"
        metadata_file.write_text(json.dumps(metadata), encoding="utf-8")
        command = [
            pypandoc.get_pandoc_path(),
            "--from=markdown",
            "--standalone",
            "--wrap=none",
            "--toc",
            "--number-sections",
            "--fail-if-warnings",
            f"--metadata-file={metadata_file}",
            *(f"--lua-filter={path}" for path in filters),
            *options,
        ]
        done = subprocess.run(
            command,
            input=composed.text,
            cwd=document.path.parent,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if done.returncode != 0:
        raise GridpressError("\n".join(_faults(document, composed, done.stderr)))
    return done.stdout


def _faults(document: QuartoDocument, composed: Composed, stderr: str) -> list[str]:
    """What `subset.lua` found, with lines; else what Pandoc said."""
    found = [line.split("\t") for line in stderr.splitlines() if line.startswith("FAULT\t")]
    if not found:
        return [f"{document.path.name}: Pandoc could not convert it: {stderr.strip()}"]
    places = [(composed.line_of(needle), what) for _, what, needle in found]
    return [
        f"{document.path.name}{f', line {line}' if line else ''}: {what}. "
        "The report can't use it: see what it may hold in the README."
        for line, what in places
    ]
