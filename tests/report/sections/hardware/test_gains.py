from __future__ import annotations

import pytest

from gridpress.report.sections.hardware.gains import gains


def test_gain_is_counted_over_chance(study):
    row = gains(study).iloc[0]
    assert row["per_second"] == pytest.approx(100 * (row["accuracy"] - 0.1) / row["seconds"])
    assert row["per_teraflop"] == pytest.approx(100 * (row["accuracy"] - 0.1) / (row["flops"] / 1e12))
    assert row["per_second_low"] < row["per_second"] < row["per_second_high"]
