from __future__ import annotations

import pytest

from gridpress.report.sections.claims import times
from gridpress.report.sections.claims.judge import Verdict
from gridpress.report.sections.claims.ours import deeper_costs_more, gpu_grows
from gridpress.report.sections.claims.table import judged

TARGET = {"device": "cpu", "precision": "fp32", "threads": 1, "memory_format": "contiguous"}


@pytest.fixture
def one_case(build):
    """Two networks, one optimizer, one target: one pair of cases."""
    measure = {"models": ["resnet18", "resnet50"], "optimizers": ["sgd"], "targets": {"cpu-1-thread": TARGET}}
    return build(datasets=["mnist"], hardware={"measure": measure})


def test_ratio_of_steps_in_one_case_has_the_interval_of_its_timings(one_case):
    evidence = times.step_ratio(one_case, "model", "resnet18", "resnet50")
    (interval,) = evidence.intervals
    assert interval.low < 3 < interval.high
    assert "in one case (2." in evidence.words
    assert deeper_costs_more(one_case)[1] == Verdict.SUPPORTED


def test_ratio_of_steps_over_several_cases_is_that_of_the_mean(study):
    evidence = times.step_ratio(study, "model", "resnet18", "resnet50")
    assert "on average over" in evidence.words
    assert evidence.intervals[0].low < 3 < evidence.intervals[0].high


def test_no_second_network_no_ratio(one_case):
    assert times.step_ratio(one_case, "model", "resnet18", "resnet34").intervals == ()


def test_no_gpu_no_speedup_and_the_reason(study):
    assert times.gpu_speedup(study).words == "no CUDA target was measured"
    assert gpu_grows(study)[0].words == "no CUDA target was measured"


def test_nothing_that_is_printed_of_single_runs_is_nan(build):
    grid = {"model": ["resnet18"], "batch_size": [16], "optimizer": ["sgd"], "learning_rate": [0.001]}
    study = build(
        datasets=["mnist"],
        train={"epochs": 12, "milestones": [3, 5, 12], "grid": grid},
        hardware={"measure": {"targets": {"cpu-1-thread": TARGET}}},
    )
    claims = judged(study)
    assert any("after epoch 10" in claim.evidence.words for claim in claims)
    assert any("of the final gain" in claim.evidence.words for claim in claims)
    assert not [claim.evidence.words for claim in claims if "nan" in claim.evidence.words.split("(")[-1]]
