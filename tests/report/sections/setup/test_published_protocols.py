from __future__ import annotations

from functools import partial

from gridpress.report.analysis.image_counts import images_used
from gridpress.report.data.study import Study
from gridpress.report.document import Document
from gridpress.report.presentation.names import ABSENT
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.published import comparison
from gridpress.report.sections.setup import published_protocols


def overview(study: Study) -> dict[str, dict[str, object]]:
    return {row["study"]: row for row in published_protocols.overview(study).to_dict("records")}


def said(study: Study, template: str) -> str:
    document = Document(study)
    return " ".join(
        paragraphs(template, document.sections, study=study, images_used=partial(images_used, study)).split()
    )


def test_every_study_says_what_its_tables_state(study):
    found = overview(study)
    assert list(found) == ["A", "B", "C", "D", "E"]
    assert found["A"]["images"] == found["A"]["size"] == ABSENT
    assert found["A"]["epochs"] == "5 and 10 (timing: 5)"
    assert found["D"]["images"] == "49\u202f000 (SVM: 10\u202f000)"
    assert found["D"]["size"] == "64 (timing: 224)"
    assert found["E"]["precision"] == "mixed"
    assert found["C"]["methods"] == "ResNet-18, ResNet-50 and SVM"


def test_printed_and_compared_are_counted_from_the_tables(study):
    rows = published_protocols.overview(study)
    published = study.published
    cells = published.resnet["test_acc_pct"].count() + published.svm["test_acc_pct"].count()
    assert rows["printed"].sum() == cells
    assert rows["compared"].sum() == len(comparison.counterparts(study)) < cells
    caption = published_protocols.table(study).caption
    assert f"tables, {cells} in all" in caption
    assert caption.endswith(f"measured here too, {rows['compared'].sum()} in all.")


def test_what_is_not_in_the_tables_is_named(study):
    texts = [cell.text for row in published_protocols.table(study).body for cell in row]
    assert any(
        text.endswith("Not in its tables: training images, pixels a side and precision.") for text in texts
    )


def test_prose_says_that_not_all_cells_are_compared(study, build):
    assert "those whose configuration was measured here too, counted in @tbl-studies" in said(
        study, "published"
    )
    other = build(
        datasets=["mnist"],
        train={"grid": {"learning_rate": [0.5]}},
        svm={"configs": {"one": {"kernel": "rbf", "C": 3.0, "gamma": 0.5}}},
    )
    assert published_protocols.overview(other)["compared"].sum() == 0
    assert "No test accuracy that the studies of @tbl-studies print" in said(other, "published")


def test_study_a_is_introduced_where_it_is_first_named(study):
    assert "study A (@tbl-studies)" in said(study, "grid")
