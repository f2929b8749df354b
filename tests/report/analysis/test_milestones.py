from __future__ import annotations

import pytest

from gridpress.report.analysis.milestones import tested_after as words_of
from report.builder import PATIENT, parameters


@pytest.mark.parametrize(
    ("recipes", "words"),
    [
        (["default"], "epochs 1 and 2"),
        (["modern"], "epoch 2"),
        (["patient"], "the epoch that early stopping keeps"),
        (["default", "modern"], "epochs 1 and 2 (`default`) or epoch 2 (`modern`)"),
        (["modern", "patient"], "epoch 2 (`modern`) or the epoch that early stopping keeps (`patient`)"),
    ],
)
def test_a_network_is_tested_when_its_recipe_says(build, recipes, words):
    patient = parameters()["recipes"]["default"] | PATIENT["recipes"]["default"]
    study = build(datasets=["mnist"], recipes={"patient": patient}, train={"grid": {"recipe": recipes}})
    assert words_of(study) == words
