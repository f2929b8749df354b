from __future__ import annotations

import math

import pytest

from gridpress.benchmark.records.cases import TimingInterval
from gridpress.report.sections.hardware import wording


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0012345, "1.23"), (0.0099951, "10.0"), (0.5, "500.0"), (1.2, "1200")]
)
def test_milliseconds_have_decimals_where_they_are_few(seconds, text):
    assert wording.milliseconds(seconds) == text


def test_a_ratio_has_a_value_only_where_its_interval_excludes_1():
    assert wording.ratio(2.0, 1.5, 2.5) == "2.00 (1.50 to 2.50)"
    assert wording.ratio(0.5, 0.4, 0.6) == "0.50 (0.40 to 0.60)"
    assert wording.ratio(1.1, 0.9, 1.3) == "not distinguishable (0.90 to 1.30)"


def test_an_interval_below_zero_has_a_true_minus():
    assert wording.span(TimingInterval(value=0, low=-1.5, high=2)) == "−1.50 to 2.00"


def test_a_column_of_seconds_has_the_same_decimals():
    written = wording.same_decimals([0.5, 123.456])
    assert (written(0.5), written(123.456), written(math.nan)) == ("0.500", "123.456", "–")


def test_what_is_missing_is_a_dash_in_every_unit():
    assert {unit(math.nan) for unit in (wording.mebibytes, wording.giga, wording.microseconds)} == {"–"}
    assert (wording.mebibytes(2048 * 2**20), wording.giga(1.25e9), wording.microseconds(2e-6)) == (
        "2\u202f048",
        "1.2",
        "2.0",
    )
