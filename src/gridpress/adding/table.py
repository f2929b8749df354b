"""A CSV table with a label and the grey values of an image in each row, as Kaggle's MNIST has it."""

from __future__ import annotations

import codecs
import csv
import math
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gridpress.adding.collection import (
    ORDER,
    TRANSPOSED,
    UPRIGHT,
    Collection,
    Part,
    check_images,
    in_order,
    some,
    split_of,
)
from gridpress.adding.unpacked import reason, unpacked
from gridpress.config.values import SMALLEST_SIDE
from gridpress.errors import InputError
from gridpress.messages import counted, one_line

ENDINGS = (".csv", ".csv.gz", ".csv.zip")
TITLES = {"label", "labels", "class", "target"}  # of the column of labels
SHORT_TITLE = "y"  # the same, where it is not the name of a class
LONGEST_LINE = 1 << 22  # bytes; a million values


class Table(NamedTuple):
    """A file of labelled images.

    `titled` says whether its first row is titles, `label` which column the label is, `pixels` how many others
    there are.
    """

    path: Path
    titled: bool
    label: int
    pixels: int

    @property
    def name(self) -> str:
        return one_line(self.path.name)


class Labels(NamedTuple):
    """The labels of a table, and the numbers of their rows in the file."""

    names: list[str]
    rows: list[int]


def is_one(source: Path) -> bool:
    """Whether this is a table, or a folder of tables."""
    return bool(_paths(source))


def read(source: Path, size: tuple[int, int] | None) -> Collection:
    """A table, or a folder of some (`train.csv`, `test.csv`), as a collection.

    The label is the column titled label, class, target or y, in a table without titles the first; all others
    are grey values from 0 to 255, row after row of the image.

    Args:
        source: the file or folder.
        size: height and width of the images; None for squares.

    Raises:
        InputError: a table has no labels, or values that are no grey values of such images.
    """
    found = [_table(path, size) for path in _paths(source)]
    tables = sorted(
        (table for table in found if isinstance(table, Table)),
        key=lambda table: (ORDER.index(split_of(table.path.name)), table.path),
    )
    faults = [fault for fault in found if isinstance(fault, str)]
    if not tables:
        raise InputError("; ".join(faults))
    shown = one_line(str(source))
    if len({table.pixels for table in tables}) > 1:
        raise InputError(f"{shown}: images of different sizes in {some([table.name for table in tables])}")
    side = math.isqrt(tables[0].pixels)
    height, width = size or (side, side)
    labels = [_labels(table) for table in tables]
    check_images(sum(len(given.rows) for given in labels), shown)
    classes = in_order({name for given in labels for name in given.names})
    number = {name: at for at, name in enumerate(classes)}
    transposed = any(TRANSPOSED in table.path.name.lower() for table in tables)
    parts = [
        Part(
            split_of(table.path.name),
            np.array([number[name] for name in given.names], np.int64),
            [f"{table.name} row {row}" for row in given.rows],
            partial(
                _pixels, table, (width, height) if transposed else (height, width), transposed=transposed
            ),
        )
        for table, given in zip(tables, labels, strict=True)
    ]
    remarks = [*([UPRIGHT] if transposed else []), *(f"left out {fault}" for fault in faults)]
    return Collection(classes, (1, height, width), parts, source.name, remarks)


def _paths(source: Path) -> list[Path]:
    paths = [source] if source.is_file() else sorted(source.iterdir()) if source.is_dir() else []
    return [
        path
        for path in paths
        if path.is_file() and path.name.lower().endswith(ENDINGS) and not path.name.startswith(".")
    ]


def _table(path: Path, size: tuple[int, int] | None) -> Table | str:
    """What a file holds by its first row; for one without labelled images the reason, in words."""
    with closing(_rows(path)) as rows:
        _, first = next(rows, (0, [""]))
    titles = [value.strip().lower() for value in first]
    titled = titles[0] in TITLES or not all(map(_is_number, titles[1:]))
    label = (
        next((at for at, title in enumerate(titles) if title in {*TITLES, SHORT_TITLE}), None)
        if titled
        else 0
    )
    pixels, name = len(first) - 1, one_line(path.name)
    if label is None:
        return f"{name}: no column is titled label, and images without labels cannot be used"
    height, width = size or (math.isqrt(pixels), math.isqrt(pixels))
    if height * width != pixels or min(height, width) < SMALLEST_SIDE:
        least = f"{SMALLEST_SIDE} x {SMALLEST_SIDE}"
        wanted = f"image of {height} x {width}" if size else f"square image from {least}"
        return (
            f"{name}: {counted(pixels, 'value')} a row beside the label, which is no {wanted} pixels (--size "
            "HEIGHTxWIDTH says what it is)"
        )
    return Table(path, titled, label, pixels)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _rows(path: Path) -> Generator[tuple[int, list[str]], None, None]:
    """The rows of a table that hold anything, each with its number in the file."""
    with unpacked(path) as file:
        rows = csv.reader(_lines(file))
        try:
            for row in rows:
                if row:
                    yield rows.line_num, row
        except (csv.Error, UnicodeDecodeError) as error:
            raise InputError(
                f"cannot read {one_line(str(path))}, row {rows.line_num + 1}: {reason(error)}"
            ) from None


def _lines(file: IO[bytes]) -> Iterator[str]:
    """The lines of a text, none so long that it fills the memory."""
    line = file.readline(LONGEST_LINE).removeprefix(codecs.BOM_UTF8)
    while line:
        if len(line) == LONGEST_LINE:
            raise csv.Error(f"it is longer than {LONGEST_LINE} bytes")
        yield line.decode()
        line = file.readline(LONGEST_LINE)


def _images(table: Table) -> Iterator[tuple[int, list[str]]]:
    """The rows below the titles; raises InputError where one has more or fewer values than the first."""
    for at, (number, row) in enumerate(_rows(table.path)):
        if len(row) != table.pixels + 1:
            raise InputError(
                f"{table.name} row {number}: {len(row)} values, where the first row has {table.pixels + 1}"
            )
        if at or not table.titled:
            yield number, row


def _labels(table: Table) -> Labels:
    names, rows = [], []
    for number, row in _images(table):
        name = row[table.label].strip()
        if not name:
            raise InputError(f"{table.name} row {number}: no label")
        names.append(sys.intern(name))
        rows.append(number)
        check_images(len(rows), table.name)
    return Labels(names, rows)


def _pixels(table: Table, shape: tuple[int, int], *, transposed: bool) -> Iterator[NDArray[np.uint8]]:
    for number, row in _images(table):
        del row[table.label]
        try:
            image = np.frombuffer(_bytes(row), np.uint8).reshape(shape)
        except ValueError:
            raise InputError(f"{table.name} row {number}: a value is no whole number from 0 to 255") from None
        yield image.T if transposed else image


def _bytes(row: list[str]) -> bytes:
    """Grey values, written as 3 or as 3.0; raises ValueError where one is none."""
    try:
        return bytes(map(int, row))
    except ValueError:
        return bytes(map(_whole, row))


def _whole(text: str) -> int:
    number = float(text)
    if not number.is_integer():
        raise ValueError(text)
    return int(number)
