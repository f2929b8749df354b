"""Keys of the front matter and of _quarto.yml: each is followed, or refused by name."""

from __future__ import annotations

import subprocess

import pikepdf
import pypandoc
import pypdfium2
import pytest

from gridpress.errors import InputError
from gridpress.render import render
from pdf import text

from .conftest import copy_look

FRONT = """---
title: "T"
date: 2024-05-17
author: [Ada <Lovelace>, "Grace *Hopper*"]
abstract: What was found, in a sentence.
description: What it is about
---

# One

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


def test_author_abstract_and_description_are_in_both(made):
    page, pdf = made()
    html = page.read_text(encoding="utf-8")
    assert '<p class="author">Ada &lt;Lovelace&gt;, Grace *Hopper*</p>' in html
    assert '<meta name="author" content="Grace *Hopper*">' in html
    assert '<meta name="description" content="What it is about">' in html
    assert (
        "What was found, in a sentence." in html.partition('<div class="abstract">')[2].partition("</div>")[0]
    )
    shown = text(pdf)
    assert "Ada <Lovelace>, Grace *Hopper*" in shown
    assert "What was found, in a sentence." in shown
    with pikepdf.open(pdf) as opened:
        assert str(opened.docinfo["/Author"]) == "Ada <Lovelace>, Grace *Hopper*"
        assert str(opened.docinfo["/Subject"]) == "What it is about"


def test_quotation_marks_and_addresses_stay_whole_and_paragraphs_stay_apart(made):
    front = FRONT.replace("Ada <Lovelace>", "'D \"q\" https://example.org'")
    front = front.replace("What it is about", "'Of \"it\"'")
    front = front.replace("abstract: What was found, in a sentence.", "abstract: |\n  One.\n\n  Two.")
    page, pdf = made(front)
    html = page.read_text(encoding="utf-8")
    assert '<meta name="author" content="D &quot;q&quot; https://example.org">' in html
    assert '<meta name="description" content="Of &quot;it&quot;">' in html
    assert "<p>One.</p>" in html
    assert "<p>Two.</p>" in html
    assert "One.\nTwo." in text(pdf)


def test_one_author_needs_no_list_and_none_leaves_nothing(made):
    page, pdf = made(FRONT.replace('[Ada <Lovelace>, "Grace *Hopper*"]', "Ada"))
    assert '<p class="author">Ada</p>' in page.read_text(encoding="utf-8")
    bare = "\n".join(
        line for line in FRONT.splitlines() if not line.startswith(("author", "abstract", "desc"))
    )
    page, pdf = made(bare)
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
