"""What the report shows: tables and figures, each with the data behind it and the records it came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib.figure
import pandas as pd

from gridpress.report.presentation import markup, style
from gridpress.report.presentation.markup import Cell, Header


@dataclass(frozen=True, kw_only=True)
class Item:
    """A numbered table or figure.

    Attributes:
        name: what `@tbl-name` or `@fig-name` refers to.
        caption: Markdown, one paragraph.
        data: every number shown, at full precision.
        sources: the files that the data comes from, as paths below the project.
    """

    name: str
    caption: str
    data: pd.DataFrame
    sources: Sequence[str]

    @property
    def reference(self) -> str:
        raise NotImplementedError

    @property
    def spoken(self) -> str:
        """What is said to someone who does not see it, beyond its data."""
        return ""

    def markdown(self, folder: Path) -> str:
        """Markdown for the document that lies in `folder`; a figure's picture is written there."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Table(Item):
    """`head` and `body` are rows of cells, see `markup.table`."""

    head: Sequence[Sequence[Header]]
    body: Sequence[Sequence[Cell]]
    wide: bool = False

    @property
    def reference(self) -> str:
        return f"tbl-{self.name}"

    def markdown(self, folder: Path) -> str:  # noqa: ARG002
        return markup.table(self.name, self.head, self.body, self.caption, wide=self.wide)


@dataclass(frozen=True, kw_only=True)
class Figure(Item):
    """`alt` states what the picture shows; `draw` makes it."""

    alt: str
    draw: Callable[[], matplotlib.figure.Figure] = field(compare=False)

    @property
    def reference(self) -> str:
        return f"fig-{self.name}"

    @property
    def spoken(self) -> str:
        return self.alt

    def markdown(self, folder: Path) -> str:
        style.save(self.draw(), folder / "figures" / f"{self.name}.svg")
        return markup.figure(self.name, self.caption, self.alt)


def slug(*parts: object) -> str:
    """A name for an item: `fashion_mnist` becomes `fashion-mnist`."""
    return "-".join(str(part) for part in parts).lower().replace("_", "-").replace(".", "-")


def number(text: str, *, bold: bool = False, marked: bool = False, link: str | None = None) -> Cell:
    """A right-aligned cell."""
    return Cell(text, align="right", bold=bold, marked=marked, link=link)


def column(text: str, columns: int = 1, rows: int = 1) -> Header:
    """The header of a column of numbers, or of several."""
    return Header(text, align="center" if columns > 1 else "right", columns=columns, rows=rows)


def merged(keys: Sequence[tuple[str, ...]]) -> list[list[Cell]]:
    """Leading cells of rows, where equal neighbours become one cell over several rows.

    Args:
        keys: for every row, the texts of its leading cells, outermost first.
    """
    result: list[list[Cell]] = [[] for _ in keys]
    for level in range(len(keys[0]) if keys else 0):
        start = 0
        for place in range(1, len(keys) + 1):
            if place == len(keys) or keys[place][: level + 1] != keys[start][: level + 1]:
                result[start].append(Cell(keys[start][level], head=True, rows=place - start))
                start = place
    return result
