"""Taking in datasets."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import typer

from gridpress.cli.app import app, study
from gridpress.errors import InputError
from gridpress.messages import one_line


@app.command("add")
def add_dataset(
    name: Annotated[str, typer.Argument(help="What params.yaml calls it.")],
    source: Annotated[
        str | None,
        typer.Argument(
            help="A folder of class folders, IDX files, an .npz, a CSV, or sklearn:digits and others; "
            "by default that of a dataset in data/known."
        ),
    ] = None,
    size: Annotated[
        str | None, typer.Option(help="To store pictures at: 32, or HEIGHTxWIDTH; by default their own.")
    ] = None,
    fit: Annotated[
        Literal["crop", "pad", "stretch"],
        typer.Option(help="How pictures of another shape are brought to it."),
    ] = "crop",
    group: Annotated[
        str | None,
        typer.Option(
            help="A regular expression for the paths of pictures: those in which it finds the same stay in "
            "one split, such as 'patient[0-9]+'."
        ),
    ] = None,
    title: Annotated[str | None, typer.Option(help="In the report; by default NAME.")] = None,
) -> None:
    """Take in images of your own: store their pixels, declare them, say what to do next."""
    from gridpress.adding.add import add
    from gridpress.progress import progress

    if group is not None:
        try:
            re.compile(group)
        except (re.error, OverflowError, RecursionError) as error:
            raise InputError(
                f"--group is {one_line(repr(group))}, which is no regular expression: {one_line(str(error))}"
            ) from None
    sides = None if size is None else _sides(size)
    print(add(study(), name, source, size=sides, fit=fit, group=group, title=title, show=progress))


def _sides(text: str) -> tuple[int, int]:
    """Height and width of `32` or `24x32`."""
    from gridpress.config.dataset import LARGEST_SIDE
    from gridpress.config.values import SMALLEST_SIDE

    found = re.fullmatch(r"(\d{1,4})(?:x(\d{1,4}))?", text, re.ASCII)
    sides = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not all(SMALLEST_SIDE <= side <= LARGEST_SIDE for side in sides):
        raise InputError(
            f"--size is {one_line(repr(text))}; it must be a number of pixels from {SMALLEST_SIDE} to "
            f"{LARGEST_SIDE}, or HEIGHTxWIDTH"
        )
    return sides
