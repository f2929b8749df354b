"""Typst source to a tagged PDF."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version as installed_version

import typst

from gridpress.errors import GridpressError
from gridpress.render.document import QuartoDocument


def version() -> str:
    """Typst's version."""
    return installed_version("typst")


def to_pdf(document: QuartoDocument, source: str) -> bytes:
    """Compile; the same bytes every time, on any machine.

    Raises:
        GridpressError: Typst failed or warned, as it does of an unknown typeface.
    """
    folder = document.path.parent
    settings = document.settings
    midnight = dt.datetime.combine(settings.date, dt.time(), dt.UTC)
    try:
        # the stub forbids bytes with a root
        pdf, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]
            source.encode(),
            root=str(folder),
            font_paths=[str(folder / name) for name in settings.format.typst.font_paths],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=[settings.format.typst.pdf_standard],
            timestamp=midnight,
        )
    except typst.TypstError as error:
        raise GridpressError(f"{document.path.name}: Typst could not make the PDF: {error}") from None
    if warnings:
        said = "; ".join(str(warning) for warning in warnings)
        raise GridpressError(f"{document.path.name}: Typst warned: {said}")
    return bytes(pdf)
