"""Quarto and the built-in renderer must make the same of the same document."""

from __future__ import annotations

import difflib
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest

from gridpress.errors import GridpressError
from gridpress.render import render
from pdf import text

from .conftest import SAMPLE, copy_look

pytestmark = [
    pytest.mark.extended,
    pytest.mark.skipif(shutil.which("quarto") is None, reason="quarto is not on the PATH"),
]

BLOCKS = {
    "p", "div", "li", "tr", "td", "th", "figcaption", "table", "figure", "nav", "header", "section",
    "details",
    "summary", "ul", "ol", "main", "pre", "footer", "h1", "h2", "h3", "h4",
}  # fmt: skip
SILENT = {"style", "script", "title", "annotation"}


class Visible(HTMLParser):
    """What a reader sees of a page: its lines of text, and its pictures with their alternative texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.pictures: list[tuple[str | None, str | None]] = []
        self._silent = 0
        self.feed(html)
        lines = (re.sub(r"\s+", " ", line).strip() for line in self.text.split("\f"))
        self.lines = [line for line in lines if line and not line.startswith("Rendered with")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        self.text += "\f" if tag in BLOCKS else ""
        if tag == "img":
            attributes = dict(attrs)
            self.pictures.append((attributes.get("alt"), attributes.get("src")))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT
        self.text += "\f" if tag in BLOCKS else ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text += data


@pytest.fixture(scope="module")
def by_quarto(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_look(tmp_path_factory.mktemp("quarto") / "report")
    shutil.copy(SAMPLE, folder / "report.qmd")
    assert render(folder / "report.qmd", renderer="quarto") == [folder / "report.html", folder / "report.pdf"]
    return folder


def visible(folder: Path) -> Visible:
    return Visible((folder / "report.html").read_text(encoding="utf-8"))


def properties(folder: Path) -> dict[str, object]:
    """What the page and the PDF say of themselves, but who made them."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    with pikepdf.open(folder / "report.pdf") as pdf:
        said = {key: str(value) for key, value in pdf.docinfo.items()}
    return {**said, "page": re.findall(r'<title>.*?</title>|<meta name="(?!generator).*?>', page)}


def pdf_lines(folder: Path) -> list[str]:
    lines = text(folder / "report.pdf").splitlines()
    return [line for line in lines if "Rendered with" not in line and line.strip()]


def test_the_page_reads_the_same(by_quarto, sample):
    assert list(difflib.unified_diff(visible(sample).lines, visible(by_quarto).lines, n=0)) == []


def test_the_pictures_are_the_same(by_quarto, sample):
    assert visible(sample).pictures == visible(by_quarto).pictures


def test_the_pdf_reads_the_same(by_quarto, sample):
    assert list(difflib.unified_diff(pdf_lines(sample), pdf_lines(by_quarto), n=0)) == []


def test_the_properties_are_the_same(by_quarto, sample):
    made = properties(by_quarto)
    assert made["/Author"] == "Ada & Co., Grace Hopper, Conor O’Brien"
    assert made == properties(sample)


def test_the_page_says_that_quarto_made_it(by_quarto):
    assert "<p>Rendered with Quarto " in (by_quarto / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("see @fig-none\n", "fig-none"),
        ('![Cap](none.svg){#fig-a fig-alt="x"}\n', "none.svg"),
        ("![Cap](fonts/x.svg){#fig-a}\n", "no alternative text"),
        ("```{python}\n#| output: asis\nprint(missing)\n```\n", "missing"),
    ],
)
def test_what_quarto_only_warns_of_fails(write, text, said):
    path = write(text)
    path.with_name("fonts").joinpath("x.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8"
    )
    with pytest.raises(GridpressError) as caught:
        render(path, ["html"], "quarto")
    assert said in str(caught.value)
    assert not path.with_suffix(".html").exists()
