from __future__ import annotations

import pytest
from pydantic import ValidationError

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.study.records.store import load, save
from report.made_up.hardware import hardware_record


@pytest.fixture
def whole(params):
    """A whole record, as a mapping that may be changed."""
    return hardware_record(params, "here").model_dump(mode="json")


def test_a_record_is_read_as_it_was_written(params, tmp_path):
    record = hardware_record(params, "here")
    save(record, tmp_path / "here.json")
    assert load(HardwareRecord, tmp_path / "here.json") == record


@pytest.mark.parametrize(
    ("part", "key"),
    [
        ("cases", "target"),
        ("comparisons", "target"),
        ("comparisons", "baseline"),
        ("cpu_baselines", "target"),
        ("growth", "target"),
    ],
)
def test_a_target_that_the_record_does_not_describe_is_refused(whole, part, key):
    HardwareRecord.model_validate(whole)
    whole[part][0][key] = "elsewhere"
    with pytest.raises(ValidationError, match="elsewhere is none of the targets"):
        HardwareRecord.model_validate(whole)


@pytest.mark.parametrize("part", ["cases", "comparisons", "cpu_baselines"])
def test_a_network_whose_cost_the_record_does_not_hold_is_refused(whole, part):
    whole[part][0]["model"] = "resnet152"
    with pytest.raises(ValidationError, match="networks does not hold resnet152"):
        HardwareRecord.model_validate(whole)
