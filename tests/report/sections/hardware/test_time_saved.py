from __future__ import annotations

import pytest

from gridpress.benchmark.records.cases import TimingInterval
from gridpress.report.data.study import Study
from gridpress.report.sections.hardware.time_saved import saving
from report.made_up.reading import MACHINE, changed, items, prose


def test_time_saved_is_the_share_that_the_speedup_leaves_out(study):
    data = items(study)[f"tbl-saved-{MACHINE}"].data
    assert (data["fastest"] == "cpu-all-threads").all()
    assert data["saved_value"].to_numpy() == pytest.approx(1 - 1 / 1.8)
    assert data["saved_low"].to_numpy() == pytest.approx(1 - 1 / (0.95 * 1.8))


def test_a_slowdown_saves_less_than_nothing():
    assert saving(TimingInterval(value=0.5, low=0.4, high=1.0)).value == -1.0


def test_sentence_on_time_saved_turns_around(mutable):
    assert "fastest on `cpu-all-threads`, which saves 44 %" in prose(Study.load(mutable))

    def widen(record):
        for entry in record["comparisons"]:
            if entry["target"] == "cpu-all-threads":
                entry["speedup"]["low"] = 0.9

    study = changed(mutable, widen)
    assert "on no target distinguishably faster" in prose(study)
    cells = {row[-1].text for row in items(study)[f"tbl-saved-{MACHINE}"].body}
    assert all(cell.endswith("(not distinguishable)") for cell in cells)


def test_a_reference_that_is_the_fastest_saves_nothing(mutable):
    def slow(record):
        for case in record["cases"]:
            if case["target"] != "cpu-1-thread":
                case["seconds"]["median"]["value"] = 100.0

    table = items(changed(mutable, slow))[f"tbl-saved-{MACHINE}"]
    assert {tuple(cell.text for cell in row[-3:]) for row in table.body} == {
        ("–", "–", "the reference is the fastest")
    }


def test_accelerator_is_compared_with_the_best_cpu_target(with_gpu):
    data = items(with_gpu)[f"tbl-accelerator-{MACHINE}"].data
    assert set(data["cpu"]) == {"cpu-all-threads"}
    assert data.loc[data["target"] == "cuda-fp32", "value"].to_numpy() == pytest.approx(20 / 1.8)
