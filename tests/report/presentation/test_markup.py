from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from typing import Any

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridpress.report.presentation.markup import (
    Cell,
    Header,
    details,
    download,
    escape,
    figure,
    listing,
    table,
    visible,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "`code` and ```",
    "$(id) $x^2$ \\(y\\)",
    "a | b || c",
    "# no heading",
    "@fig-x [@y] [^1]: note",
    "*a* _b_ **c** ~~d~~ ^e^ ~f~",
    "1. one",
    "(a) two",
    "- item",
    "::: {.note}",
    "a\n\nb\r\n    c\td",
    "\u202eabc\u202c \u200b \x00 \x1b[0m",
    "{{< include /etc/passwd >}}",
    "...  -- --- 'x' \"y\"",
    "http://example.org <http://example.org> a@b.c",
    "[x](y) ![z](w){#fig-a}",
    "&lt; &#60; &copy;",
    "\\* \\",
    "% title",
    ": definition",
    "漢字 😀 שלום \ud800",
]
text = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=30),
    st.text("`*_{}[]()#+-.!|<>@$^~:=\"'\\&;1a \n", max_size=20),
)


def pandoc(markdown: str) -> list[dict[str, Any]]:
    command = [pypandoc.get_pandoc_path(), "--from=markdown", "--to=json"]
    done = subprocess.run(command, input=markdown, capture_output=True, encoding="utf-8", check=True)
    blocks: list[dict[str, Any]] = json.loads(done.stdout)["blocks"]
    return blocks


def plain(inlines: list[dict[str, Any]]) -> str:
    assert {inline["t"] for inline in inlines} <= {"Str", "Space"}
    return "".join(inline.get("c", " ") for inline in inlines)


def shown(values: list[str]) -> list[str]:
    return [visible(value).strip(" ") for value in values]


@settings(max_examples=15, deadline=None)
@given(st.lists(text.filter(lambda value: visible(value).strip(" ")), min_size=30, max_size=60))
def test_escaped_text_shows_exactly_itself_wherever_a_paragraph_stands(values):
    blocks = pandoc("\n\n".join(map(escape, values)))
    assert [block["t"] for block in blocks] == ["Para"] * len(values)
    assert [plain(block["c"]) for block in blocks] == shown(values)


@settings(max_examples=5, deadline=None)
@given(st.lists(text.filter(lambda value: visible(value).strip(" ")), min_size=30, max_size=60))
def test_escaped_text_shows_exactly_itself_in_captions_and_alternative_texts(values):
    blocks = pandoc("\n".join(figure("a", escape(value), value) for value in values))
    assert [block["t"] for block in blocks] == ["Figure"] * len(values)
    images = [block["c"][2][0]["c"][0]["c"] for block in blocks]
    assert [plain(image[1]) for image in images] == shown(values)
    assert [dict(image[0][2])["fig-alt"] for image in images] == [visible(value.strip()) for value in values]


@pytest.mark.parametrize("value", HOSTILE)
def test_escaped_text_is_one_line_without_what_quarto_searches_for(value):
    escaped = escape(value)
    assert not re.search(r"[\n`{}<>|]", escaped)
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for c in escaped)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_cell_shows_its_text_and_cannot_leave_its_table(value):
    blocks = pandoc(table("a", [[Header(value)]], [[Cell(value)]], "Cap."))
    assert [block["t"] for block in blocks] == ["Div"]
    scroll, caption = blocks[0]["c"][1]
    assert caption["t"] == "Para"
    html = scroll["c"][1][0]["c"][1]
    assert not re.search(r"[`{}$]", html)
    parsed = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from=html", "--to=json"],
        input=html,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    body = json.loads(parsed.stdout)["blocks"][0]["c"][4][0][3]
    assert plain(body[0][1][0][4][0]["c"]) == visible(value).strip(" ")


def test_hidden_and_unprintable_characters_show_their_code_point():
    assert visible("a\u202eb\u200b漢") == "a[U+202E]b[U+200B][U+6F22]"
    assert visible("68.9\u00a0% ± λ → ≤ é –") == "68.9\u00a0% ± λ → ≤ é –"


def test_spans_must_fill_the_table():
    head = [[Header("a", rows=2), Header("b", columns=2)], [Header("c"), Header("d")]]
    body = [[Cell("1", rows=2), Cell("2"), Cell("3")], [Cell("4"), Cell("5")]]
    assert 'rowspan="2"' in table("t", head, body, "Cap.")
    with pytest.raises(ValueError, match="row 2 has 2 columns, the first has 3"):
        table("t", head, [body[0][:3], body[1][:1]], "Cap.")
    with pytest.raises(ValueError, match="more rows than there are"):
        table("t", head, body[:1], "Cap.")
    with pytest.raises(ValueError, match="head has 3 columns, the body 2"):
        table("t", head, [[Cell("1"), Cell("2")]], "Cap.")


@pytest.mark.parametrize("name", ["", "A", "a b", "a-", "../x", "a}"])
def test_a_name_is_lower_case_words(name):
    with pytest.raises(ValueError, match="cannot name"):
        figure(name, "Cap.", "alt")


def test_caption_and_alternative_text_are_required():
    with pytest.raises(ValueError, match="one paragraph"):
        figure("a", "one\n\ntwo", "alt")
    with pytest.raises(ValueError, match="no alternative text"):
        figure("a", "Cap.", " ")


def test_every_cell_has_its_alignment_and_marks_are_more_than_colour():
    made = table("a", [[Header("x", "right")]], [[Cell("1", "right", marked=True, bold=True)]], "Cap.")
    assert made.count("text-align:right") == 2
    assert "<mark>◆ <strong>1</strong></mark>" in made


def test_downloads_and_listings_hold_hostile_text():
    assert "](data:text/csv;base64,YTxi){" in download("a]b", 'x".csv', "a<b")
    assert listing(["a\nb", "````"], "here").split("\n")[1:-1] == [
        "````` {.text #here}",
        "a b",
        "````",
        "`````",
    ]
    assert details('a"b', ["\nx\n"]).split("\n")[1] == '::: {.details summary="a&#34;b"}'
