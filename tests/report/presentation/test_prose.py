"""Templates are found by their name, wherever they lie."""

from __future__ import annotations

import tomllib
from collections import Counter

import jinja2
import pytest

from conftest import ROOT
from gridpress.report.presentation.prose import PACKAGE, TEMPLATES, paragraphs


def test_no_two_templates_have_one_name():
    assert TEMPLATES
    assert [name for name, times in Counter(path.name for path in TEMPLATES).items() if times > 1] == []


def test_an_installation_holds_every_template():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["gridpress"]
    assert {path for pattern in patterns for path in PACKAGE.glob(pattern)} >= set(TEMPLATES)


def test_a_template_refers_to_no_table_of_a_section_that_shows_none():
    shown = paragraphs("cross", {})
    assert shown.endswith("\n")
    assert "@" not in shown


def test_a_template_that_does_not_exist_is_no_empty_text():
    with pytest.raises(jinja2.TemplateNotFound):
        paragraphs("no-such", {})
