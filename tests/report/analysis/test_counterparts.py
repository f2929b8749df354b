from __future__ import annotations

import pytest

from gridpress.report.analysis.counterparts import counterparts

SEVERAL = {"precision": ["fp32", "fp16"], "data_memory": ["pageable", "pinned"]}


@pytest.fixture
def compared(build):
    """Precision and memory of the runs that a study's networks are compared with, by configuration."""

    def compared(letter: str, **axes: list[str]) -> dict[str, tuple[str, str]]:
        grid = {"model": ["resnet18"], **axes}
        study = build(datasets=["mnist"], train={"epochs": 5, "milestones": [3, 4], "grid": grid})
        table = counterparts(study)
        rows = table[(table["study"] == letter) & (table["stage"] == "train")]
        runs = [study.train_runs[key] for [key] in rows["keys"]]
        found = zip(rows["words"], ((run.precision, run.data_memory) for run in runs), strict=True)
        return dict(found)

    return compared


@pytest.mark.parametrize(
    ("letter", "configuration", "its_own"),
    [
        ("B", "16, SGD, 0.001, 4 epochs", ("fp16", "pinned")),
        ("D", "16, Adam, 0.0001, 3 epochs", ("fp16", "pageable")),
        ("D", "16, Adam, 0.0001, 5 epochs", ("fp16", "pinned")),
    ],
)
def test_of_several_precisions_and_memories_the_one_that_the_study_states_is_compared(
    compared, letter, configuration, its_own
):
    assert compared(letter, **SEVERAL)[configuration] == its_own


def test_of_several_precisions_and_memories_the_first_is_compared_with_a_study_that_states_neither(compared):
    assert set(compared("A", **SEVERAL).values()) == {("fp32", "pageable")}


def test_a_study_of_another_precision_and_memory_is_compared_with_what_there_is(compared):
    found = compared("B")
    assert "16, SGD, 0.001, 4 epochs" in found
    assert set(found.values()) == {("fp32", "device")}
