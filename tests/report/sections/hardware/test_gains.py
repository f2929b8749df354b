from __future__ import annotations

import pytest

from gridpress.networks.building.architecture import Architecture
from gridpress.report.analysis.network_costs import cost
from gridpress.report.data.study import Study
from gridpress.report.sections.hardware.gains import gains
from report.builder import PATIENT, parameters, peaking, write_study

ONE = {"model": ["resnet18"], "batch_size": [16], "optimizer": ["adam"], "learning_rate": [0.001]}
STANDARD = Architecture("resnet18", 3, 10, 28)


def test_gain_is_counted_over_chance(study):
    row = gains(study).iloc[0]
    assert row["per_second"] == pytest.approx(100 * (row["accuracy"] - 0.1) / row["seconds"])
    assert row["per_teraflop"] == pytest.approx(100 * (row["accuracy"] - 0.1) / (row["flops"] / 1e12))
    assert row["per_second_low"] < row["per_second"] < row["per_second_high"]


def test_operations_are_those_of_the_stem_that_was_trained(build):
    row = gains(build(datasets=["mnist"], train={"grid": ONE | {"recipe": ["modern"]}})).iloc[0]
    assert row["flops"] == 3 * 2 * 1000 * cost(STANDARD._replace(stem="small")).flops_fvcore


def test_a_run_that_stopped_early_cost_the_epochs_that_it_was_trained(tmp_path):
    content = parameters(datasets=["mnist"], train={"epochs": 9, "grid": ONE}, **PATIENT)
    row = gains(Study.load(write_study(tmp_path, content, peaking))).iloc[0]
    assert row["epochs"] == 4  # two more than the best
    assert row["seconds"] == 4 * 8
    assert row["flops"] == 3 * 4 * 1000 * cost(STANDARD).flops_fvcore
