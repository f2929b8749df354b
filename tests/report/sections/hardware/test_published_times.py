from __future__ import annotations

import pytest

from report.made_up.reading import items, prose


def test_published_figures_are_marked_and_stand_beside_what_is_absent(study):
    table = items(study)["tbl-published-hardware"]
    assert table.caption.startswith("**Published, not measured here:**")
    assert "no CUDA device" in table.caption
    assert {row[-1].text for row in table.body} == {"not measured"}
    assert table.data["ratio"].max() == pytest.approx(10360.177 / 275.0)
    assert [(header.text, header.columns) for header in table.head[0]] == [("Published", 7), ("Here", 1)]
    assert "range from 1.8 to 37.7; they were not measured here" in prose(study)


def test_speedup_of_a_gpu_that_is_there_stands_beside_them(with_gpu):
    table = items(with_gpu)["tbl-published-hardware"]
    assert "20.00 (19.00 to 21.00)" in {row[-1].text for row in table.body}
