"""The options that `_quarto.yml` and the front matter may hold: those that both renderers follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from gridpress.config.yaml_file import read_yaml
from gridpress.errors import InputError
from gridpress.messages import explain


def _hyphenated(name: str) -> str:
    return name.replace("_", "-")


class Options(BaseModel):
    """Keys as Quarto spells them; any other key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=_hyphenated)


class Execute(Options):
    """Cells show what they print, nothing else."""

    echo: Literal[False]
    warning: Literal[False]


class Html(Options):
    """`format: html`."""

    template: str
    css: str
    toc_depth: int = Field(ge=1, le=6)
    embed_resources: Literal[True]
    minimal: Literal[True]
    theme: Literal["none"]
    html_math_method: Literal["mathml"]
    html_table_processing: Literal["none"]
    fig_format: Literal["svg"]


class Typst(Options):
    """`format: typst`."""

    template_partials: list[str]
    font_paths: list[str]
    toc_depth: int = Field(ge=1, le=6)
    papersize: Literal["a4", "us-letter"]
    mainfont: Literal["Inter"]  # in report/fonts, as the figures and the page have it
    fontsize: str = Field(pattern=r"^\d+(\.\d+)?pt$")
    pdf_standard: Literal["ua-1"]
    fig_format: Literal["svg"]
    highlight_style: Literal["none"]
    html_table_processing: Literal["none"]


class ProjectOptions(Options):
    """`project:`; other types and output folders put the report elsewhere."""

    type: Literal["default"]


class Formats(Options):
    """Both formats."""

    html: Html
    typst: Typst


class Settings(Options):
    """`_quarto.yml` with the document's front matter on top."""

    title: str
    subtitle: str | None = None
    author: str | list[str] = Field(default_factory=list)
    abstract: str | None = None
    description: str | None = None
    date: dt.date
    date_format: Literal["iso"]
    lang: str = Field(pattern=r"^en(-[A-Z]{2})?$")  # Quarto would translate "Figure", nobody the sentences
    toc: Literal[True]
    number_sections: Literal[True]  # references to sections are by their numbers
    filters: list[str]
    execute: Execute
    format: Formats
    jupyter: Literal["python3"] = "python3"
    project: ProjectOptions = ProjectOptions(type="default")
    quarto_required: str = ""  # Quarto itself looks at it

    @property
    def authors(self) -> list[str]:
        """Each author by name."""
        return [self.author] if isinstance(self.author, str) else self.author


def read_settings(front_matter: str, document: Path) -> Settings:
    """Merge and check the options of `document`.

    Args:
        front_matter: YAML text between the two `---` lines; it begins on line 2.
        document: the .qmd file; `_quarto.yml` beside it is read if there is one.

    Raises:
        InputError: no YAML, or an option that the two renderers would not follow alike.
    """
    shared = document.with_name("_quarto.yml")
    try:
        own = YAML(typ="safe", pure=True).load(front_matter)
    except (YAMLError, ValueError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        line = mark.line + 2 if mark else 1
        raise InputError(f"{document.name}, line {line}: the front matter is not valid YAML") from None
    if not isinstance(own, Mapping):
        raise InputError(f"{document.name}, line 1: the front matter must hold at least a title and a date")
    merged = _merge(read_yaml(shared) if shared.is_file() else {}, own)
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise InputError(explain(error, Settings, f"{document.name} with {shared.name}")) from None


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged
