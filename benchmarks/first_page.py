"""The first page of a PDF as a picture: `python -m benchmarks.first_page report.pdf report.png`."""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2

SCALE = 70 / 72  # pixels per point


def picture(pdf: Path, png: Path) -> None:
    """Draw the first page."""
    with pypdfium2.PdfDocument(pdf) as document:
        document[0].render(scale=SCALE).to_pil().save(png, optimize=True)


if __name__ == "__main__":
    picture(*map(Path, sys.argv[1:3]))
