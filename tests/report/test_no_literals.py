"""No result is typed by hand: prose holds no digit that is not computed."""

from __future__ import annotations

import re

import pytest

from gridpress.report.presentation.prose import TEMPLATES
from report.builder import ROOT

ALLOWED = (r"p < 0\.001", r"p = ", r"SHA-256", r"ResNet-\d+", r"bf16", r"\\rVert\^2\)", r"`coef0`")
# where a reference was printed: its year behind the authors, volume and pages, number at arXiv
BIBLIOGRAPHIC = (
    r"(?<=\. )\((18|19|20)\d\d\)(?=\. )",
    r"(?<=\*)( \d+\(\d+(–\d+)?\))?: \d+–\d+(?=\.)",
    r"\*arXiv\* \d{4}\.\d{5}",
)


def prose_of_template(text: str) -> str:
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", text, flags=re.DOTALL)


def prose_of_document(text: str) -> str:
    body = text.split("---", 2)[2]
    without_cells = re.sub(r"^```\{python\}.*?^```", "", body, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`\{python\}[^`]*`", "", without_cells)


def digits(prose: str) -> list[str]:
    for allowed in ALLOWED:
        prose = re.sub(allowed, "", prose)
    # the level of an interval belongs to the method, not to a result
    return re.findall(r"\S*\d\S*", re.sub(r"95 % interval", "", prose))


def cited(references: str) -> str:
    """The same without what says where they were printed."""
    for allowed in BIBLIOGRAPHIC:
        references = re.sub(allowed, "", references)
    return references


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_digit(path):
    prose = prose_of_template(path.read_text(encoding="utf-8"))
    assert digits(cited(prose) if path.name == "references.md.j2" else prose) == []


def test_document_holds_no_digit():
    assert digits(prose_of_document((ROOT / "report" / "report.qmd").read_text(encoding="utf-8"))) == []


def test_a_typed_result_is_found():
    assert digits(prose_of_template("{{ x }} reaches 99.3 %.")) == ["99.3"]
    assert digits(prose_of_document("---\ndate: 2000-01-01\n---\nIt is 98 % right.")) == ["98"]


def test_a_result_among_references_is_found():
    entry = "- Doe, J. (1999). A title. *A Journal* 12(3): 45–67."
    assert digits(cited(entry)) == []
    assert digits(cited(f"{entry} It reaches 99.3 % on 2000 images in (2001) s.")) == [
        "99.3",
        "2000",
        "(2001)",
    ]
