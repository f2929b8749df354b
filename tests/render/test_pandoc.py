"""Composed Markdown becomes a page and the source of a PDF, or a fault with its line."""

from __future__ import annotations

import re

import pytest

from gridpress.errors import GridpressError
from gridpress.progress import silent
from gridpress.render import pandoc
from gridpress.render.cells import Composed, compose
from gridpress.render.document import QuartoDocument, read_document
from gridpress.render.pandoc import to_html, to_typst

FRONT = '---\ntitle: "A *new* title"\ndate: 2024-05-17\nabstract: "In short."\n---\n'
BOTH = pytest.mark.parametrize("to", [to_html, to_typst])


@pytest.fixture
def document(write):
    def written(text: str) -> tuple[QuartoDocument, Composed]:
        path = write("")
        path.write_text(FRONT + text, encoding="utf-8")
        document = read_document(path)
        return document, compose(document, {}, silent)

    return written


def test_the_version_is_pandocs():
    assert re.fullmatch(r"\d+(\.\d+)+", pandoc.version())


@BOTH
def test_text_title_abstract_and_renderer_are_in_both_formats(document, to):
    said = to(*document("# Part\n\nSome text.\n"), "the renderer's name")
    for words in ("Some text.", "In short.", "the renderer"):
        assert words in said
    assert re.search(r"A (<em>new</em>|_new_|#emph\[new\]) title", said)


def test_a_page_is_whole_numbers_its_sections_and_holds_its_style(document):
    html = to_html(*document("# One\n\n## Two\n\n$x^2$\n"), "R")
    assert html.lstrip().startswith("<!DOCTYPE html>")
    assert '<span class="header-section-number">1.1</span> Two' in html
    assert "<math" in html
    assert 'rel="stylesheet"' not in html
    assert "</html>" in html


def test_the_source_of_the_pdf_has_the_template_of_the_report(document):
    one, composed = document("# One\n")
    partial = one.path.parent / one.settings.format.typst.template_partials[0]
    partial.write_text("// drawn by hand\n" + partial.read_text(encoding="utf-8"), encoding="utf-8")
    assert "// drawn by hand" in to_typst(one, composed, "R")
    assert "// drawn by hand" not in to_html(one, composed, "R")


@BOTH
def test_every_fault_has_its_line_and_says_where_help_is(document, to):
    with pytest.raises(GridpressError) as caught:
        to(*document("see @fig-a\n\nsee @fig-b\n"), "R")
    first, second = str(caught.value).splitlines()
    assert first.startswith("report.qmd, line 6: an unknown reference, @fig-a. ")
    assert second.startswith("report.qmd, line 8: an unknown reference, @fig-b. ")
    assert first.endswith("see what it may hold in the README.")


@BOTH
def test_what_pandoc_itself_finds_wrong_is_told(document, to):
    one, composed = document("text\n")
    (one.path.parent / "report.lua").write_text("error('the filter is broken')\n", encoding="utf-8")
    with pytest.raises(GridpressError, match=r"^report\.qmd: Pandoc could not convert it: .*") as caught:
        to(one, composed, "R")
    assert "the filter is broken" in str(caught.value)
