"""Keys of the front matter and of _quarto.yml: each is followed, or refused by name."""

from __future__ import annotations

import subprocess

import pikepdf
import pypandoc
import pypdfium2
import pytest

from gridpress.errors import GridpressError, InputError
from gridpress.render import render
from pdf import text

from .conftest import copy_look

FRONT = """---
title: "A *small* title"
date: 2024-05-17
description: What it *is* "about"
author: [Ada & Co., "Grace *Hopper*", "Conor O'Brien", 'D "q" https://example.org']
abstract: |
  What was found, *p* < .05, see @sec-one.

  And [more](https://example.org).
---

# One {#sec-one}

A line.
"""


@pytest.fixture
def made(tmp_path):
    """Renders a document whose keys were changed; its page and its PDF."""

    def made(front: str = FRONT, **changes: tuple[str, str]):
        folder = copy_look(tmp_path / "report")
        settings = folder / "_quarto.yml"
        for old, new in changes.values():
            content = settings.read_text(encoding="utf-8")
            assert old in content
            settings.write_text(content.replace(old, new), encoding="utf-8")
        (folder / "report.qmd").write_text(front, encoding="utf-8")
        return render(folder / "report.qmd", renderer="builtin")

    return made


def sizes(pdf) -> set[float]:
    """Of all letters, in points."""
    with pypdfium2.PdfDocument(pdf) as opened:
        page = opened[0].get_textpage()
        return {
            round(pypdfium2.raw.FPDFText_GetFontSize(page.raw, place), 1)
            for place in range(page.count_chars())
        }


def test_the_texts_of_the_front_matter_are_markdown_in_both_as_quarto_has_it(made):
    page, pdf = made()
    html = page.read_text(encoding="utf-8")
    assert "<title>A small title</title>" in html
    assert '<h1 class="title">A <em>small</em> title</h1>' in html
    assert (
        '<p class="author">Ada &amp; Co., Grace <em>Hopper</em>, Conor O’Brien, D “q” https://example.org</p>'
        in html
    )
    abstract = html.partition('<div class="abstract">')[2].partition("</div>")[0]
    assert "<p>What was found, <em>p</em> &lt; .05, see" in abstract
    assert '<a href="#sec-one">Section\u00a01</a>' in abstract
    assert '<p>And <a href="https://example.org">more</a>.</p>' in abstract
    shown = text(pdf)
    assert "Ada & Co., Grace Hopper, Conor O’Brien, D “q” https://example.org" in shown
    assert "What was found, p < .05, see Section\u00a01." in shown


def test_a_subtitle_is_a_line_however_it_is_written(made):
    page, _ = made(FRONT.replace("date:", "subtitle: |\n  Of *all*\ndate:"))
    assert '<p class="subtitle">Of <em>all</em></p>' in page.read_text(encoding="utf-8")


def test_properties_of_both_files_hold_no_markup(made):
    page, pdf = made()
    html = page.read_text(encoding="utf-8")
    for author in ("Ada &amp; Co.", "Grace Hopper", "Conor O’Brien", "D “q” https://example.org"):
        assert f'<meta name="author" content="{author}">' in html
    assert '<meta name="description" content="What it is “about”">' in html
    with pikepdf.open(pdf) as opened:
        assert str(opened.docinfo["/Title"]) == "A small title"
        assert (
            str(opened.docinfo["/Author"])
            == "Ada & Co., Grace Hopper, Conor O’Brien, D “q” https://example.org"
        )
        assert str(opened.docinfo["/Subject"]) == "What it is “about”"


def test_one_author_needs_no_list_and_none_leaves_nothing(made):
    page, pdf = made(
        FRONT.replace('[Ada & Co., "Grace *Hopper*", "Conor O\'Brien", \'D "q" https://example.org\']', "Ada")
    )
    assert '<p class="author">Ada</p>' in page.read_text(encoding="utf-8")
    page, pdf = made(FRONT[: FRONT.index("description")] + FRONT[FRONT.index("---", 4) :])
    assert "author" not in page.read_text(encoding="utf-8").partition("<body>")[2]
    with pikepdf.open(pdf) as opened:
        assert "/Author" not in opened.docinfo


def test_size_of_paper_and_type_are_followed(made):
    _, pdf = made()
    assert 9.5 in sizes(pdf)
    with pypdfium2.PdfDocument(pdf) as opened:
        assert opened[0].get_size() == pytest.approx((595.28, 841.89), abs=0.1)
    _, pdf = made(paper=("papersize: a4", "papersize: us-letter"), size=("fontsize: 9.5pt", "fontsize: 11pt"))
    assert 11.0 in sizes(pdf)
    assert 9.5 not in sizes(pdf)
    with pypdfium2.PdfDocument(pdf) as opened:
        assert opened[0].get_size() == pytest.approx((612, 792), abs=0.1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("mainfont: Inter", "mainfont: Arial", "format.typst.mainfont is 'Arial'; allowed: 'Inter'"),
        ("papersize: a4", "papersize: a5", "format.typst.papersize is 'a5'; allowed: 'a4' or 'us-letter'"),
        ("fontsize: 9.5pt", "fontsize: large", "format.typst.fontsize is 'large'"),
        ("number-sections: true", "number-sections: false", "number-sections is False; allowed: True"),
        ("lang: en", "lang: en\nkeywords: [a]", "keywords is not a known key"),
        ("lang: en", "lang: de", "lang is 'de'"),
        ("toc: true", "toc: false", "toc is False; allowed: True"),
        ("type: default", "type: default\n  output-dir: made", "project.output-dir is not a known key"),
        ("type: default", "type: book", "project.type is 'book'; allowed: 'default'"),
        (
            "    papersize: a4",
            "    papersize: a4\n    margin: {x: 1cm}",
            "format.typst.margin is not a known key",
        ),
    ],
)
def test_what_would_do_nothing_is_refused_by_name(made, old, new, said):
    with pytest.raises(InputError) as refused:
        made(change=(old, new))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: T {{< meta date >}}", "line 2: a shortcode or inline code in the front matter"),
        ("title: T `{python} 1 + 1`", "line 2: a shortcode or inline code in the front matter"),
        ("title: T @sec-two", "an unknown reference, @sec-two"),
        ("title: T ![](x.png)", "a picture that is not a paragraph of its own"),
        ("title: T <b>x</b>", "raw html that is not a table"),
    ],
)
def test_what_quarto_would_make_otherwise_of_the_front_matter_is_refused(made, text, said):
    with pytest.raises(GridpressError) as refused:
        made(f"---\n{text}\ndate: 2024-05-17\n---\n\n# One\n")
    assert said in str(refused.value)


@pytest.mark.parametrize("target", ["latex", "docx", "gfm", "epub"])
def test_another_format_is_refused_in_one_sentence(tmp_path, target):
    folder = copy_look(tmp_path / "report")
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "--to", target, "--lua-filter", "report.lua", "--output", "x"],
        cwd=folder,
        input="A line.\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "call `quarto render report/report.qmd --to typst`" in done.stderr
    assert "traceback" not in done.stderr
