from __future__ import annotations

import pytest

from gridpress.errors import InputError
from gridpress.render.document import CodeCell, Text, read_document

ASIS = "```{python}\n#| output: asis\nprint(1)\n```\n"


def test_text_and_cells_know_their_first_line(write):
    document = read_document(write(f"# A {{#sec-a}}\n\n{ASIS}\nend\n"))
    assert document.settings.title == "T"
    text, cell, end = document.parts
    assert isinstance(text, Text)
    assert (text.line, text.lines[0]) == (5, "# A {#sec-a}")
    assert cell == CodeCell(8, "#| output: asis\nprint(1)", shown=True)
    assert isinstance(end, Text)
    assert (end.line, end.lines) == (11, ("", "end"))


def test_a_listing_is_text(write):
    document = read_document(write("```python\nprint(1)\n```\n"))
    assert [type(part) for part in document.parts] == [Text]


def test_inline_expressions_have_lines(write):
    document = read_document(write("a `{python} x`\nb `{python} f(1)` c `{python} y`\n"))
    text = document.parts[0]
    assert isinstance(text, Text)
    assert list(text.inline()) == [(5, "x"), (6, "f(1)"), (6, "y")]


@pytest.mark.parametrize(
    ("text", "line", "construct"),
    [
        ("a\n{{< include x.qmd >}}\n", 6, "shortcode"),
        ("```{r}\n1\n```\n", 5, "{r}"),
        ("a\n\n```{mermaid}\n1\n```\n", 7, "{mermaid}"),
        ("```{python}\nprint(1)\n```\n", 5, "way of output"),
        ("```{python}\n#| output: asis\n#| include: false\n```\n", 5, "way of output"),
        ("```{python}\n#| output: asis\n#| fig-cap: x\n```\n", 7, "fig-cap: x"),
        ("```{python}\n#| output: asis\n", 5, "never closed"),
        ("a `{r} x`\n", 5, "{r} x"),
        ("a `{python} 1 +`\n", 5, "no Python expression"),
        ("a `{python} 1), (2`\n", 5, "no Python expression"),
        ("```\n`{python} x`\n```\n", 6, "listing"),
        ("```\n{{< meta x >}}\n```\n", 6, "listing"),
    ],
)
def test_what_only_quarto_understands_is_refused_with_its_line(write, text, line, construct):
    with pytest.raises(InputError) as caught:
        read_document(write(text))
    assert str(caught.value).startswith(f"report.qmd, line {line}: ")
    assert construct in str(caught.value)


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("no front matter", "line 1"),
        ("---\ntitle: a: b\n---\n", "line 2: the front matter is not valid YAML"),
        ("---\ntext\n---\n", "title and a date"),
        ("---\ntitle: a\n---\n", "date is missing"),
        ("---\ntitle: a\ndate: today\n---\n", "date is 'today'"),
        ("---\ntitle: a\ndate: 2024-01-01\nbibliography: x.bib\n---\n", "bibliography is not a known key"),
        (
            "---\ntitle: a\ndate: 2024-01-01\nformat: {html: {theme: cosmo}}\n---\n",
            "format.html.theme is 'cosmo'",
        ),
    ],
)
def test_front_matter_outside_of_the_subset_is_refused(write, front, said):
    path = write("")
    path.write_text(front, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_document(path)
    assert said in str(caught.value)
    assert "report.qmd" in str(caught.value)


def test_a_missing_document_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.qmd is missing"):
        read_document(tmp_path / "none.qmd")


def test_text_that_is_not_utf8_is_named(write):
    path = write("")
    path.write_bytes(b"---\n\xff")
    with pytest.raises(InputError, match="not UTF-8"):
        read_document(path)
