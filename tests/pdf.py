"""What a PDF says and where, read by PDFium: nothing needs to be installed beside the environment."""

from __future__ import annotations

from pathlib import Path

import pypdfium2


def pages(path: Path) -> list[str]:
    """The text of each page, in the order in which it is written, with `\\n` at the end of lines."""
    with pypdfium2.PdfDocument(path) as opened:
        return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in opened]


def text(path: Path) -> str:
    """The text of all pages."""
    return "\n".join(pages(path))


def extents(path: Path) -> list[tuple[float, float, float]]:
    """Of each page its width, and how far its text reaches to the left and to the right, in points."""
    found = []
    with pypdfium2.PdfDocument(path) as opened:
        for page in opened:
            read = page.get_textpage()
            boxes = [read.get_charbox(place) for place in range(read.count_chars())]
            visible = [box for box in boxes if box[2] > box[0]]
            found.append((page.get_width(), min(b[0] for b in visible), max(b[2] for b in visible)))
    return found
