from __future__ import annotations

import pandas as pd
import pytest

from gridpress.report.analysis.timed_cases import cases, side_by_side


def test_every_timed_case_is_a_row(study):
    table = cases(study)
    assert len(table) == sum(len(record.cases) for record in study.hardware.values())
    row = table[(table["target"] == "cpu-all-threads")].iloc[0]
    assert (row["baseline"], row["speedup"]) == ("cpu-1-thread", pytest.approx(1.8))


def test_a_long_table_becomes_columns_by_name():
    long = pd.DataFrame({"key": ["a", "a", "b"], "name": ["x", "y", "x"], "value": [1, 2, 3]})
    wide = side_by_side(long, ["key"], "name")
    assert list(wide) == ["key", "value x", "value y"]
    assert wide["value x"].tolist() == [1, 3]
    assert wide["value y"].iloc[0] == 2
    assert wide["value y"].isna().tolist() == [False, True]
