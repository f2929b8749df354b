"""No result is typed by hand: every number in prose is computed, or a fact that no record can change."""

from __future__ import annotations

import re

import pytest

from gridpress.report.presentation.prose import TEMPLATES
from report.builder import ROOT

# A model card is mostly code that runs: its numbers are tested by running it.
PROSE = [path for path in TEMPLATES if path.name != "model_card.md.j2"]

# What belongs to a method or a name, whatever the records say. A number that comes from a record, from
# params.yaml or from a constant of the code is no such fact: it is passed to its template.
FACTS = (
    r"\bF1\b",
    r"95 % interval",
    r"below 5 % \(family-wise",
    r"SHA-256",
    r"bf16",
    r"\\rVert\^2\)",
    r"`coef0`",
    r"lies between 0 and 1\.",  # pixels
    r"convolution of (7 × 7|3 × 3) pixels",  # the first of a ResNet, its pooling, and its kernels
    r"largest of 3 × 3 values",
    r"its 3 × 3 kernels",
)
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
    """The words with a digit that are no fact."""
    prose = " ".join(prose.split())
    for fact in FACTS:
        prose = re.sub(fact, "", prose)
    return re.findall(r"\S*\d\S*", prose)


def cited(references: str) -> str:
    """The same without what says where they were printed."""
    for allowed in BIBLIOGRAPHIC:
        references = re.sub(allowed, "", references)
    return references


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_templates_hold_no_number_but_facts(path):
    prose = prose_of_template(path.read_text(encoding="utf-8"))
    assert digits(cited(prose) if path.name == "references.md.j2" else prose) == []


def test_the_document_holds_no_number_but_facts():
    assert digits(prose_of_document((ROOT / "report" / "report.qmd").read_text(encoding="utf-8"))) == []


def test_a_typed_result_is_found():
    assert digits(prose_of_template("{{ x }} reaches 99.3 %.")) == ["99.3"]
    assert digits(prose_of_document("---\ndate: 2000-01-01\n---\nIt is 98 % right.")) == ["98"]


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
@pytest.mark.parametrize("typed", ["It reaches 99.3 %.", "It gains 5 %.", "On 7 images.", "In 3 × 3 runs."])
def test_a_result_typed_into_any_template_is_found(path, typed):
    planted = f"{path.read_text(encoding='utf-8')}\n{typed}\n"
    assert digits(cited(prose_of_template(planted))) != []


def test_every_fact_stands_somewhere():
    prose = " ".join(" ".join(prose_of_template(path.read_text(encoding="utf-8")).split()) for path in PROSE)
    assert [fact for fact in FACTS if not re.search(fact, prose)] == []


def test_a_result_among_references_is_found():
    entry = "- Doe, J. (1999). A title. *A Journal* 12(3): 45–67."
    assert digits(cited(entry)) == []
    assert digits(cited(f"{entry} It reaches 99.3 % on 2000 images in (2001) s.")) == [
        "99.3",
        "2000",
        "(2001)",
    ]
