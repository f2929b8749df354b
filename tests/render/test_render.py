"""What the built-in renderer makes of the sample document."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from gridpress import __version__
from pdf import extents as pdf_extents
from pdf import pages as pdf_pages
from pdf import text as words

from .conftest import SAMPLE

CM = 72 / 2.54  # points


class Tags(HTMLParser):
    """All start tags of a page, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {key: value or "" for key, value in attrs}))

    def named(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def html(sample: Path) -> str:
    return (sample / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tags(html: str) -> Tags:
    return Tags(html)


@pytest.fixture
def pdf(sample: Path) -> Any:
    with pikepdf.open(sample / "report.pdf") as opened:
        yield opened


def test_only_the_page_the_pdf_and_the_figures_are_left_behind(sample):
    assert {path.name for path in sample.iterdir()} - {
        path.name for path in SAMPLE.parents[2].glob("report/*")
    } <= {"report.qmd", "report.html", "report.pdf", "figures"}


def test_the_page_holds_everything_itself(html, tags):
    addresses = [
        value for _, attributes in tags.found for key, value in attributes.items() if key in {"src", "srcset"}
    ]
    assert addresses
    assert all(address.startswith("data:") for address in addresses)
    assert not tags.named("script")
    assert not tags.named("link")
    urls = re.findall(r"url\(([^)]{0,20})", html)
    assert len(urls) == 3
    assert all(url.startswith("data:font/woff2") for url in urls)
    outside = set(re.findall(r"https?://[^\s\"'<)]+", html)) - {"https://example.org/page"}
    assert outside <= {"http://www.w3.org/1998/Math/MathML"}


def test_the_page_names_its_language_title_and_renderer(html, tags):
    assert tags.named("html")[0]["lang"] == "en"
    assert "<title>Every construct of a report</title>" in html
    assert f"<p>Rendered with Gridpress {__version__} (Pandoc " in html


def test_every_picture_has_its_alternative_text_and_every_link_its_target(tags):
    assert [image["alt"] for image in tags.named("img")] == [
        'Three rising lines, "ResNet-18" highest.',
        "A heat map from 0.00 to 1.00.",
    ]
    ids = {attributes["id"] for _, attributes in tags.found if "id" in attributes}
    targets = {link["href"][1:] for link in tags.named("a") if link["href"].startswith("#")}
    assert targets <= ids
    assert {"fig-heat", "tbl-wide", "sec-findings", "record-a.1_b"} <= targets


def test_hostile_text_is_text_in_both(html, sample):
    assert (
        "&lt;script&gt;alert(1)&lt;/script&gt; `x` $(id) |a| #h @fig-none [U+202E] {{&lt; meta title" in html
    )
    assert "<script>alert(1)</script> `x` $(id) |a| #h @fig-none [U+202E] {{< meta title" in words(
        sample / "report.pdf"
    )


def test_the_pdf_has_title_language_outline_and_tags(pdf):
    assert str(pdf.docinfo["/Title"]) == "Every construct of a report"
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20240517")
    assert str(pdf.Root["/Lang"]) == "en"
    assert bool(pdf.Root["/MarkInfo"]["/Marked"])
    assert bool(pdf.Root["/ViewerPreferences"]["/DisplayDocTitle"])
    with pdf.open_metadata() as metadata:
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    with pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["1 Findings", "2 Method", "3 Results", "4 Appendix"]
    kinds = [(str(item["/S"]), item) for item in structure(pdf)]
    assert sum(kind == "/Table" for kind, _ in kinds) == 4
    assert sum(kind == "/TH" for kind, _ in kinds) > 20
    pictures = [item for kind, item in kinds if kind in {"/Figure", "/Formula"}]
    assert len(pictures) == 4
    assert all(str(item["/Alt"]) for item in pictures)


def structure(pdf: pikepdf.Pdf) -> list[Any]:
    """All structure elements."""
    found, waiting = [], [pdf.Root["/StructTreeRoot"]["/K"]]
    while waiting:
        item = waiting.pop()
        if isinstance(item, pikepdf.Array):
            waiting.extend(item)
        elif isinstance(item, pikepdf.Dictionary) and "/S" in item:
            found.append(item)
            waiting.append(item.get("/K", pikepdf.Array()))
    return found


def test_the_header_of_a_table_is_repeated_on_each_page(sample):
    pages = [page for page in pdf_pages(sample / "report.pdf") if re.search(r"run \d+\s+\d", page)]
    assert len(pages) > 1
    assert all(re.search(r"Accuracy in percent\s+validation\s+test\s+run \d+", page) for page in pages)


def test_nothing_leaves_the_margins_of_the_pdf(sample):
    extents = [*pdf_extents(sample / "report.pdf")]
    assert len(extents) == len(pdf_pages(sample / "report.pdf"))
    for width, left, right in extents:
        assert left >= 2 * CM - 1
        assert right <= width - 2 * CM + 1
