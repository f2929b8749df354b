"""The `gridpress` application, and what its commands share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import typer

from gridpress.pipeline.dvc import layout
from gridpress.study.project import Project, find_project

app = typer.Typer(
    help="Reproducible reports of image-classification studies, with DVC and Quarto.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def study() -> Project:
    """The study that a command is called in, with nothing in conflict.

    Raises:
        InputError: this is no study, or Git has left both sides of a merge in it.
    """
    project = find_project()
    if layout.stage_name() is None:  # DVC has read everything before it starts a stage
        from gridpress.pipeline.merging.conflicts import refuse

        refuse(project)
    return project


def print_paths(paths: Iterable[Path]) -> None:
    """A path a line."""
    for path in paths:
        print(path)
