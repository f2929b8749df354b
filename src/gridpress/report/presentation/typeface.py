"""The report's typeface, Inter: static faces that page, PDF and figures share."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gridpress.errors import GridpressError

FONTS = Path(__file__).resolve().parents[4] / "report" / "fonts"


def faces() -> list[Path]:
    """The font files.

    Raises:
        GridpressError: they are not where this project keeps them.
    """
    found = sorted(FONTS.glob("*.ttf"))
    if not found:
        raise GridpressError(f"no typeface in {FONTS}; `git checkout report/fonts` restores it")
    return found


@cache
def glyphs() -> frozenset[str]:
    """The characters that every face has, which are those that the PDF can show."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415  # `gridpress check` does without matplotlib

    return frozenset.intersection(*(frozenset(map(chr, FT2Font(face).get_charmap())) for face in faces()))
