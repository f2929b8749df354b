from __future__ import annotations

import pytest

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.training.milestones import tested_at as epochs_of


@pytest.mark.parametrize(
    ("change", "epochs"),
    [
        ({}, [2, 4]),
        ({"schedule": {"name": "step", "every": 1, "factor": 0.5}}, [2, 4]),
        ({"schedule": {"name": "cosine", "warmup": 0.1}}, [4]),
        ({"early_stopping": {"metric": "accuracy", "patience": 2}}, [4]),
    ],
)
def test_milestones_are_those_after_which_a_shorter_run_would_be_the_same(smoke, change, epochs):
    smoke["train"] |= {"epochs": 4, "milestones": [2, 9]}
    smoke["recipes"]["default"] |= change
    params = parse_params(smoke, DECLARED)
    assert epochs_of(params.train, params.recipes["default"]) == epochs
