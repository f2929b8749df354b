from __future__ import annotations

import json

import pytest

from gridpress.benchmark.persist import decide, line_to_add, recorded_fingerprint
from gridpress.errors import GridpressError


def test_without_a_record_this_machine_is_measured():
    assert decide("laptop", None, "aaa").measure


def test_this_machines_own_record_is_replaced():
    assert decide("laptop", "aaa", "aaa").measure


def test_another_machines_record_stays_and_the_way_out_is_named():
    decision = decide("epyc", "aaa", "bbb")
    assert not decision.measure
    for part in ("epyc", "aaa", "bbb", "gridpress hardware --machine NAME", "hardware.machines", "- NAME"):
        assert part in decision.message


def test_line_to_add_is_yaml_of_the_list():
    lines = line_to_add("laptop").splitlines()
    assert lines[1] == "  - laptop"
    assert "`dvc commit --force hardware@laptop`" in lines[2]


def test_fingerprint_is_read_whatever_the_schema(tmp_path):
    path = tmp_path / "here.json"
    assert recorded_fingerprint(path) is None
    path.write_text(json.dumps({"schema_version": 99, "fingerprint": "abc", "unknown": 1}))
    assert recorded_fingerprint(path) == "abc"


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"fingerprint": 3}', "", "[" * 100_000])
def test_a_damaged_record_is_not_taken_for_a_missing_one(tmp_path, text):
    path = tmp_path / "here.json"
    path.write_text(text)
    with pytest.raises(GridpressError, match="damaged"):
        recorded_fingerprint(path)
