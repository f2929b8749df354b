"""Three conventions explain what studies print."""

from __future__ import annotations

import pytest

from gridpress.report.sections.hardware import conventions


def test_every_published_count_is_reproduced_to_its_digits(study):
    found = {(entry.study, entry.model): entry.found for entry in conventions.published_counts(study)}
    assert found == {
        **{("A", model): ((224, "flops_fvcore"),) for model in ("resnet18", "resnet34", "resnet50")},
        **{("B", model): ((64, "flops_torch"),) for model in ("resnet18", "resnet34", "resnet50")},
        **{("D", model): ((224, "flops_thop"),) for model in ("resnet18", "resnet50")},
    }


def test_a_count_off_by_one_digit_is_not_explained():
    assert list(conventions.explanations("resnet18", 1818558977, 10)) == []
    assert list(conventions.explanations("resnet18", 1823000000, 10)) == []


def test_table_marks_what_studies_print(study):
    (table,) = conventions.flops_table(study)
    marked = {cell.text for row in table.body for cell in row if cell.marked}
    assert len(marked) == 8
    assert "1\u202f818\u202f558\u202f976" in marked


def test_networks_come_from_the_smallest_at_rising_sizes(study):
    data = conventions.by_network(study)
    assert list(data["model"].unique()) == ["resnet18", "resnet34", "resnet50"]
    assert data.groupby("model")["image_size"].agg(list).tolist() == [[28, 64, 224]] * 3


def test_an_unexplained_count_is_said(study):
    study.published.hardware.loc[0, "flops_as_printed"] = 1e9
    try:
        (table,) = conventions.flops_table(study)
        assert "Explained by none of them: 1\u202f000\u202f000\u202f000 (ResNet-18, study A)" in table.caption
    finally:
        study.published.hardware.loc[0, "flops_as_printed"] = 1818558976


def test_the_factor_is_the_product_of_size_and_convention(study):
    found = conventions.disagreement(study)
    assert (found.least.study, found.largest.study) == ("B", "D")
    assert found.factor == pytest.approx(found.by_size * found.by_convention)
    assert found.by_convention == pytest.approx(0.5, abs=0.01)
