"""Paragraphs written by Jinja templates from a study's values; the templates hold no value themselves.

A template lies beside the section whose words it holds and is known by its file's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import meta

from gridpress.messages import counted
from gridpress.report.presentation import names
from gridpress.report.presentation.items import Item
from gridpress.report.presentation.markup import escape

PACKAGE = Path(__file__).parents[2]
TEMPLATES = sorted(PACKAGE.rglob("*.j2"))

LOADER = jinja2.FileSystemLoader(sorted({path.parent for path in TEMPLATES}))
ENVIRONMENT = jinja2.Environment(
    loader=LOADER,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701  Markdown, not HTML; what users name passes through `escape`
)
ENVIRONMENT.filters.update(
    percent=names.percent,
    points=names.points,
    seconds=names.seconds,
    count=names.count,
    counted=counted,
    two_digits=names.two_digits,
    shown=names.shown,
    listed=names.listed,
    best_validation=names.best_validation,
    metric=names.METRIC_TITLES.__getitem__,
    escape=escape,
)


Facts = Mapping[str, Callable[[], Any]]


def paragraphs(
    template: str, sections: Mapping[str, Sequence[Item]], facts: Facts | None = None, **values: Any
) -> str:
    """Markdown of `<template>.md.j2`.

    Args:
        template: its name.
        sections: tables and figures by section, for the template's `refs('grid')`, which lists
            references to all of a section, or is empty.
        facts: what finds the other values; only those that the template names are asked for.
        values: what the template says.
    """

    def refs(*wanted: str) -> str:
        found = [f"@{item.reference}" for section in wanted for item in sections.get(section, ())]
        return names.listed(found) if found else ""

    named = meta.find_undeclared_variables(ENVIRONMENT.parse(_source(template)))
    found = {name: find() for name, find in (facts or {}).items() if name in named}
    return ENVIRONMENT.get_template(_file(template)).render(refs=refs, **found, **values).strip() + "\n"


def _file(template: str) -> str:
    return f"{template}.md.j2"


def _source(template: str) -> str:
    return LOADER.get_source(ENVIRONMENT, _file(template))[0]
