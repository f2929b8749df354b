"""The Markdown that the report's cells print: escaped text, tables, figures, listings, downloads.

Everything here yields text for Pandoc's Markdown that both Quarto and `gridpress.render` understand.
Values that come from parameters or records pass through `escape` (in Markdown) or through a `Cell`
(in a table); captions are Markdown that the caller has built, so that they may hold *emphasis* and
references such as `@tbl-svm`.
"""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gridpress.report.presentation.typeface import glyphs

Align = Literal["left", "center", "right"]

MARK = "◆"  # stands before a marked value, left of it so that decimals stay aligned
MISSING = "–"

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, bidi marks, surrogates


@dataclass(frozen=True)
class Cell:
    """One cell of a table's body.

    Attributes:
        text: plain text; shown as it is.
        align: set on the cell itself, since a table may mix them.
        columns: how many columns it spans.
        rows: how many rows it spans.
        bold: set in bold, as for a best value.
        marked: preceded by `MARK` and tinted, as for what validation chose; the caption says which.
        head: names its row (a `<th scope="row">`).
        link: address that the text leads to, as `#tbl-svm`.
    """

    text: str
    align: Align = "left"
    columns: int = 1
    rows: int = 1
    bold: bool = False
    marked: bool = False
    head: bool = False
    link: str | None = None


@dataclass(frozen=True)
class Header:
    """One cell of a header row; the fields are those of `Cell`."""

    text: str
    align: Align = "left"
    columns: int = 1
    rows: int = 1


def escape(text: str) -> str:
    """Any text as Markdown that shows exactly it, on one line.

    Punctuation becomes character references, which neither Pandoc nor Quarto's text passes take for
    markup; characters that cannot be seen or printed are shown as their code point, `[U+202E]`.
    """
    return re.sub(r"[!-+\-/:-@\[-`{-~]|(?<!\d)\.|\.(?!\d)", _reference, visible(text))


def visible(text: str) -> str:
    """`text` on one line: white space as single spaces, what can't be seen or printed as `[U+202E]`.

    The PDF can print only what its typeface has; Typst refuses the whole document for one other character.
    """
    line = re.sub(r"[^\S\u00a0\u202f]+", " ", text)
    return "".join(c if _is_shown(c) else f"[U+{ord(c):04X}]" for c in line)


def table(
    name: str,
    head: Sequence[Sequence[Header]],
    body: Sequence[Sequence[Cell]],
    caption: str,
    *,
    wide: bool = False,
) -> str:
    """A numbered table, `@tbl-name`.

    Args:
        name: lower-case words joined by `-`.
        head: header rows; spans leave out the cells that they cover.
        body: rows, in the same way.
        caption: Markdown, one paragraph.
        wide: may leave the text column on a wide screen; small type in the PDF.

    Raises:
        ValueError: rows of different widths, a bad name, or an empty caption.
    """
    _check(name, caption)
    columns, covered = _width(name, head), _width(name, body)
    if columns != covered:
        raise ValueError(f"table {name}: its head has {columns} columns, the body {covered}")
    rows = [
        '<table class="wide">' if wide else "<table>",
        "<thead>",
        *("<tr>" + "".join(map(_header, row)) + "</tr>" for row in head),
        "</thead>",
        "<tbody>",
        *("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in body),
        "</tbody>",
        "</table>",
    ]
    return "\n".join(
        [
            "",
            f"::: {{#tbl-{name}}}",
            "",
            f'::: {{.scroll tabindex="0" role="region" aria-label="Table {name.replace("-", " ")}"}}',
            "",
            "```{=html}",
            *rows,
            "```",
            "",
            ":::",
            "",
            caption,
            "",
            ":::",
            "",
        ]
    )


def figure(name: str, caption: str, alt: str) -> str:
    """A numbered figure, `@fig-name`, whose picture lies at `figures/name.svg`.

    Args:
        name: lower-case words joined by `-`.
        caption: Markdown, one paragraph.
        alt: plain text that says what the picture shows.

    Raises:
        ValueError: a bad name, or an empty caption or alternative text.
    """
    _check(name, caption)
    if not alt.strip():
        raise ValueError(f"figure {name} has no alternative text")
    return f'\n![{caption}](figures/{name}.svg){{#fig-{name} fig-alt="{_attribute(alt)}"}}\n'


def download(text: str, filename: str, content: str, kind: str = "text/csv") -> str:
    """A link that saves `content` as `filename` without a network; plain text in the PDF."""
    data = base64.b64encode(content.encode()).decode()
    return f'[{escape(text)}](data:{kind};base64,{data}){{download="{_attribute(filename)}"}}'


def details(summary: str, blocks: Sequence[str]) -> str:
    """A box that the page opens on demand; the PDF shows it open."""
    return "\n".join(["", f'::: {{.details summary="{_attribute(summary)}"}}', *blocks, ":::", ""])


def listing(lines: Sequence[str], name: str) -> str:
    """Lines as they are, in a fixed-width typeface, where `#name` leads."""
    shown = [visible(line) for line in lines]
    fence = "`" * max(3, *(len(run) + 1 for line in shown for run in re.findall("`+", line) or [""]))
    # without the class Quarto takes a name that holds neither a dot nor `=` for no attribute at all
    return "\n".join(["", f"{fence} {{.text #{name}}}", *shown, fence, ""])


def _is_shown(character: str) -> bool:
    return character in glyphs() and unicodedata.category(character) not in _HIDDEN


def _attribute(text: str) -> str:
    """The value of an attribute, which Pandoc doesn't recognise with a space at its start."""
    return escape(text.strip())


def _reference(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def _header(cell: Header) -> str:
    scope = "colgroup" if cell.columns > 1 else "col"
    return f'<th scope="{scope}"{_spans(cell)} style="text-align:{cell.align}">{_text(cell.text)}</th>'


def _cell(cell: Cell) -> str:
    text = _text(cell.text)
    if cell.link is not None:
        text = f'<a href="{_text(cell.link)}">{text}</a>'
    if cell.bold:
        text = f"<strong>{text}</strong>"
    if cell.marked:
        text = f"<mark>{MARK} {text}</mark>"
    tag, scope = ("th", ' scope="row"') if cell.head else ("td", "")
    return f'<{tag}{scope}{_spans(cell)} style="text-align:{cell.align}">{text}</{tag}>'


def _spans(cell: Cell | Header) -> str:
    columns = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    return columns + (f' rowspan="{cell.rows}"' if cell.rows > 1 else "")


def _text(text: str) -> str:
    """Text inside raw HTML, which Quarto still searches for shortcodes and fences."""
    return re.sub(r"[{}`$\\]", _reference, html.escape(visible(text)))


def _check(name: str, caption: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot name a table or figure: lower-case words joined by `-`")
    if not caption.strip() or "\n\n" in caption:
        raise ValueError(f"the caption of {name} must be one paragraph")


def _width(name: str, rows: Sequence[Sequence[Cell | Header]]) -> int:
    """The number of columns, the same in every row, counting what cells above reach down into it."""
    hanging: dict[int, int] = {}  # column -> rows below that are still covered
    width = 0
    for number, row in enumerate(rows, 1):
        taken = set(hanging)
        hanging = {column: left - 1 for column, left in hanging.items() if left > 1}
        column = 0
        for cell in row:
            while column in taken:
                column += 1
            for covered in range(column, column + cell.columns):
                taken.add(covered)
                if cell.rows > 1:
                    hanging[covered] = cell.rows - 1
        width = width or len(taken)
        if len(taken) != width:
            raise ValueError(f"table {name}: row {number} has {len(taken)} columns, the first has {width}")
    if hanging:
        raise ValueError(f"table {name}: a cell spans more rows than there are")
    return width
