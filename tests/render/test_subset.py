"""What it takes Pandoc to see: references, pictures, boxes, raw text."""

from __future__ import annotations

import pytest

from gridpress.errors import GridpressError
from gridpress.progress import silent
from gridpress.render.cells import compose
from gridpress.render.document import read_document
from gridpress.render.pandoc import to_html, to_typst

PICTURE = '![Cap](picture.svg){#fig-a fig-alt="alt"}'
TABLE = "```{=html}\n<table><tr><td>1</td></tr></table>\n```\n"


@pytest.fixture
def convert(write):
    def converted(text: str, to=to_html) -> str:
        path = write(text)
        path.with_name("picture.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"></svg>', encoding="utf-8"
        )
        document = read_document(path)
        return to(document, compose(document, {}, silent), "R")

    return converted


@pytest.mark.parametrize(
    ("text", "line", "construct"),
    [
        ("a\n\nsee @fig-none\n", 7, "unknown reference, @fig-none"),
        ("see @eq-one\n", 5, "unknown reference, @eq-one"),
        ("see @smith2020\n", 5, "unknown reference, @smith2020"),
        (f"{PICTURE}\n\nsee [@fig-a]\n", 7, "reference in brackets"),
        (f"{PICTURE}\n\nsee [-@fig-a]\n", 7, "reference in brackets"),
        (f"{PICTURE}\n\n{PICTURE}\n", 5, "second #fig-a"),
        ("see [x](#tbl-none)\n", 5, "unknown target, #tbl-none"),
        ('a\n\n![Cap](none.svg){#fig-a fig-alt="alt"}\n', 7, "none.svg does not exist"),
        ("![Cap](picture.svg){#fig-a}\n", 5, "without alternative text"),
        ('![Cap](picture.svg){#fig-a fig-alt=""}\n', 5, "without alternative text"),
        ('![Cap](picture.svg){fig-alt="alt"}\n', 5, "without a #fig- label"),
        ('a ![Cap](picture.svg){#fig-a fig-alt="alt"} b\n', 5, "not a paragraph of its own"),
        ("a\n\n::: {.callout-note}\nx\n:::\n", 7, ".callout-note"),
        ("::: {.panel-tabset}\nx\n:::\n", 5, ".panel-tabset"),
        ("::: {.column-margin}\nx\n:::\n", 5, ".column-margin"),
        ("::: landscape\nx\n:::\n", 5, ".landscape"),
        ("::: {layout-ncol=2}\nx\n:::\n", 5, "layout-ncol"),
        ("::: {#fig-b}\nx\n:::\n", 5, "box #fig-b"),
        (f"::: {{#tbl-b}}\n\n{TABLE}\n:::\n", 5, "without its caption"),
        ("::: {.details}\nx\n:::\n", 5, ".details box without summary"),
        ("# A {.unnumbered}\n", 5, ".unnumbered of a heading"),
        ("a\n<b>x</b>\n", 6, "raw html"),
        ("<script>x</script>\n", 5, "raw html"),
        ("```{=typst}\n#pagebreak()\n```\n", 6, "raw typst"),
        ("$$x$$ {#eq-a}\n\n[x]{#eq-a}\n\n::: {#eq-b}\nx\n:::\n", 9, "#eq-b"),
        ("| a\n| b\n", 5, "line block"),
    ],
)
@pytest.mark.parametrize("to", [to_html, to_typst])
def test_what_the_renderers_would_treat_differently_is_refused_with_its_line(
    convert, text, line, construct, to
):
    with pytest.raises(GridpressError) as caught:
        convert(text, to)
    assert f"report.qmd, line {line}: " in str(caught.value)
    assert construct in str(caught.value)


def test_floats_and_sections_are_numbered_in_order_of_the_document(convert):
    text = (
        "see @fig-b, @tbl-a, @sec-b and @sec-c\n\n# A {#sec-a}\n\n## B {#sec-b}\n\n"
        '::: {.details summary="s"}\n\n![One](picture.svg){#fig-a fig-alt="x"}\n\n:::\n\n'
        f'# C {{#sec-c}}\n\n![Two](picture.svg){{#fig-b fig-alt="x"}}\n\n::: '
        f"{{#tbl-a}}\n\n{TABLE}\nCap.\n\n:::\n"
    )
    html = convert(text).replace("\u00a0", " ").replace("&nbsp;", " ")
    for reference in ('#fig-b">Figure 2<', '#tbl-a">Table 1<', '#sec-b">Section 1.1<', '#sec-c">Section 2<'):
        assert reference in html
    assert "Figure 1: One" in html
    assert "Table 1: Cap." in html
    assert '<span class="header-section-number">1.1</span> B' in html


def test_a_download_stays_a_link_on_the_page_and_becomes_text_on_paper(convert):
    text = '[get](data:text/csv;base64,YQ==){download="a.csv"}\n'
    assert '<a href="data:text/csv;base64,YQ==" download="a.csv">get</a>' in convert(text)
    assert "#link" not in convert(text, to_typst).split("get")[0].splitlines()[-1]
