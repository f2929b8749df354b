"""FLOPs from layers alone are those that are measured on the network, and explain what studies print."""

from __future__ import annotations

import pytest

from gridpress.benchmark.flops import network_cost
from gridpress.report.sections.hardware import conventions
from gridpress.report.sections.hardware.counting import cost


@pytest.mark.parametrize(
    ("name", "channels", "size"),
    [
        ("resnet18", 1, 28),
        ("resnet18", 3, 64),
        ("resnet34", 3, 28),
        ("resnet50", 3, 64),
        ("resnet50", 3, 45),
        ("resnet101", 3, 28),
        ("resnet152", 1, 28),
    ],
)
def test_layers_alone_give_what_is_measured_on_the_network(name, channels, size):
    assert cost(name, channels, size) == network_cost(name, channels, size)


def test_every_published_count_is_reproduced_to_its_digits(study):
    found = {(entry.study, entry.model): entry.found for entry in conventions.printed(study)}
    assert found == {
        **{("A", model): ((224, "flops_fvcore"),) for model in ("resnet18", "resnet34", "resnet50")},
        **{("B", model): ((64, "flops_torch"),) for model in ("resnet18", "resnet34", "resnet50")},
        **{("D", model): ((224, "flops_thop"),) for model in ("resnet18", "resnet50")},
    }


def test_a_count_off_by_one_digit_is_not_explained():
    assert list(conventions.sources("resnet18", 1818558977)) == []
    assert list(conventions.sources("resnet18", 1823000000)) == []


def test_table_marks_what_studies_print(study):
    (table,) = conventions.items(study)
    marked = {cell.text for row in table.body for cell in row if cell.marked}
    assert len(marked) == 8
    assert "1\u202f818\u202f558\u202f976" in marked


def test_an_unexplained_count_is_said(study):
    study.published.hardware.loc[0, "flops_as_printed"] = 1e9
    try:
        (table,) = conventions.items(study)
        assert "Explained by none of them: 1\u202f000\u202f000\u202f000 (ResNet-18, study A)" in table.caption
    finally:
        study.published.hardware.loc[0, "flops_as_printed"] = 1818558976


def test_spread_is_the_product_of_size_and_convention(study):
    spread = conventions.spread(study)
    assert (spread.least.study, spread.largest.study) == ("B", "D")
    assert spread.factor == pytest.approx(spread.by_size * spread.by_convention)
    assert spread.by_convention == pytest.approx(0.5, abs=0.01)
