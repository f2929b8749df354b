"""A Quarto document to HTML and PDF: with Quarto where it is installed, else with the parts it is made of."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from gridpress import __version__
from gridpress.errors import GridpressError, InputError
from gridpress.files import write_bytes
from gridpress.progress import Advance, console, silent
from gridpress.render import cells, pandoc, pdf, quarto
from gridpress.render.document import QuartoDocument, read_document
from gridpress.render.installed_quarto import found

Format = Literal["html", "pdf"]
Renderer = Literal["auto", "quarto", "builtin"]

SHARE_OF_CELLS = 0.7  # of the time of a rendering, for its progress


def render(
    document: Path,
    formats: Sequence[Format] = ("html", "pdf"),
    renderer: Renderer = "auto",
    advance: Advance = silent,
) -> list[Path]:
    """Write `document`'s HTML page and PDF beside it.

    Args:
        document: a .qmd file.
        formats: which of the two; the built-in renderer runs the cells once for both.
        renderer: "auto" is Quarto where one that is new enough is on the PATH.
        advance: told 1 in all.

    Returns:
        The files, in the order of `formats`.

    Raises:
        InputError: the document is missing or holds something outside of what both renderers treat alike.
        GridpressError: a cell, a reference, a picture or the conversion failed (names file and line), or a
            file cannot be written.
    """
    document = document.resolve()
    parsed = read_document(document)
    there = found() if renderer != "builtin" else None
    problem = there.problem if there else "is not on the PATH"
    if problem and renderer == "quarto":
        raise InputError(f"Quarto {problem}; `--renderer builtin` does without")
    if problem and there:
        console.print(f"Quarto {problem}: the built-in renderer is used", markup=False)
    try:
        if problem:
            return _render(parsed, formats, advance)
        return quarto.render(parsed, formats, kernel_environment(document), advance)
    except OSError as error:  # of a temporary file; Python does not say which when the disk is full
        place = error.filename or tempfile.tempdir or "temporary files"
        raise GridpressError(f"{document.name} cannot be rendered: {place}: {error.strerror}") from None


def kernel_environment(document: Path) -> dict[str, str]:
    """This environment, with the code of the study around `document` first on Python's path."""
    source = next((p / "src" for p in document.parents if (p / "src" / "gridpress").is_dir()), None)
    path = [str(source)] if source else []
    path += filter(None, [os.environ.get("PYTHONPATH")])
    return {**os.environ, "PYTHONHASHSEED": "0", "MPLBACKEND": "agg", "PYTHONPATH": os.pathsep.join(path)}


def _render(document: QuartoDocument, formats: Sequence[Format], advance: Advance) -> list[Path]:
    name = f"Gridpress {__version__} (Pandoc {pandoc.version()}, Typst {pdf.version()})"

    def part(amount: float = 1, note: str | None = None) -> None:
        advance(amount * SHARE_OF_CELLS, note)

    composed = cells.compose(document, kernel_environment(document.path), part)
    made = {}
    for wanted in formats:
        path = document.path.with_suffix(f".{wanted}")
        if wanted == "html":
            made[path] = pandoc.to_html(document, composed, name).encode()
        else:
            made[path] = pdf.to_pdf(document, pandoc.to_typst(document, composed, name))
        advance((1 - SHARE_OF_CELLS) / len(formats))
    for path, content in made.items():  # not before: a page and a PDF that lie side by side are of one study
        write_bytes(path, content)
    return list(made)
