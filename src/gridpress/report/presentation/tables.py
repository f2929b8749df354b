"""Tables as data: a list of column specifications over a data frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd

from gridpress.report.data.frames import rows_of
from gridpress.report.presentation.items import Table, merged
from gridpress.report.presentation.markup import Align, Cell, Header
from gridpress.report.presentation.names import ABSENT, in_seconds, percent, shown


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table.

    Attributes:
        title: of its header.
        of: the columns of the data frame that its cells show: one, or several for one text.
        format: the text of a cell from these values, in their order.
        align: of header and cells; numbers are right-aligned.
        leading: names its row; neighbouring rows with equal leading texts share a cell.
        repeated: stands in every row all the same.
        group: title above neighbouring columns of the same group.
        bold: the column of the data frame that says whether a cell is bold; `True` for all of them.
        marked: the column that says whether a cell is marked, as for what validation chose.
        link: the column that holds the address to which a cell leads; a missing one leads nowhere.
    """

    title: str
    of: str | tuple[str, ...]
    format: Callable[..., str] = shown
    align: Align = "right"
    leading: bool = False
    repeated: bool = False
    group: str | None = None
    bold: str | bool = False
    marked: str | None = None
    link: str | None = None

    @property
    def merges(self) -> bool:
        """Whether neighbouring cells with equal texts become one."""
        return self.leading and not self.repeated

    def text(self, row: Mapping[str, Any]) -> str:
        """The text of a row's cell."""
        of = (self.of,) if isinstance(self.of, str) else self.of
        return self.format(*(row[name] for name in of))

    def cell(self, row: Mapping[str, Any]) -> Cell:
        return Cell(
            self.text(row),
            align=self.align,
            head=self.leading,
            bold=self.bold if isinstance(self.bold, bool) else _holds(row[self.bold]),
            marked=self.marked is not None and _holds(row[self.marked]),
            link=None if self.link is None or pd.isna(row[self.link]) else str(row[self.link]),
        )


def _holds(value: Any) -> bool:
    """Missing, as NaN is in a frame, it does not."""
    return bool(pd.notna(value) and value)


def leading(
    title: str,
    of: str | tuple[str, ...],
    format: Callable[..., str] = shown,  # noqa: A002
) -> Column:
    """A column that names rows."""
    return Column(title=title, of=of, format=format, align="left", leading=True)


def words(title: str, of: str | tuple[str, ...], format: Callable[..., str] = str) -> Column:  # noqa: A002
    """A column of text."""
    return Column(title=title, of=of, format=format, align="left")


def interval(
    low: str,
    high: str,
    *,
    title: str = "95 % interval",
    format: Callable[[float], str] = percent,  # noqa: A002
    group: str | None = None,
) -> Column:
    """A column of intervals, each on one line; absent where its ends are not known."""
    return Column(title=title, of=(low, high), format=lambda a, b: span(a, b, format), group=group)


def span(low: float, high: float, format: Callable[[float], str] = percent) -> str:  # noqa: A002
    """`91.20 to 93.10`, with spaces that do not break."""
    return ABSENT if pd.isna(low) or pd.isna(high) else f"{format(low)}\u00a0to\u00a0{format(high)}"


def durations(title: str, of: str, data: pd.DataFrame) -> Column:
    """A column of seconds, all with as many decimals, see `names.in_seconds`."""
    seconds = data[of].tolist()
    texts = dict(zip(seconds, in_seconds(seconds), strict=True))
    return Column(title=title, of=of, format=lambda duration: texts.get(duration, ABSENT))


def table(
    name: str,
    caption: str,
    data: pd.DataFrame,
    columns: Sequence[Column],
    sources: Sequence[str],
    *,
    wide: bool = False,
    notes: Mapping[str, str] | None = None,
) -> Table:
    """A numbered table of all rows of a data frame.

    Args:
        name: what `@tbl-name` refers to.
        caption: Markdown, one paragraph.
        data: a row per row of the table, at full precision.
        columns: the leading ones first, none of them in a group.
        sources: files that the data comes from, as paths below the project.
        wide: may leave the text column on a wide screen.
        notes: rows below, each a name and a text over all other columns.
    """
    rows = rows_of(data)
    names = [column for column in columns if column.merges]
    first = merged([tuple(column.text(row) for column in names) for row in rows])
    body = [
        [*lead, *(column.cell(row) for column in columns if not column.merges)]
        for lead, row in zip(first, rows, strict=True)
    ]
    body += [
        [Cell(title, head=True), Cell(text, columns=len(columns) - 1)]
        for title, text in (notes or {}).items()
    ]
    return Table(
        name=name, caption=caption, data=data, sources=sources, head=_head(columns), body=body, wide=wide
    )


def _head(columns: Sequence[Column]) -> list[list[Header]]:
    if all(column.group is None for column in columns):
        return [[Header(column.title, align=column.align) for column in columns]]
    first: list[Header] = []
    for group, members in groupby(columns, key=lambda column: column.group):
        titles = list(members)
        if group is None:
            first += [Header(column.title, align=column.align, rows=2) for column in titles]
        else:
            first.append(Header(group, align="center" if len(titles) > 1 else "right", columns=len(titles)))
    second = [Header(column.title, align=column.align) for column in columns if column.group is not None]
    return [first, second]
