from __future__ import annotations

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.families.registry import runs_by_stage_name
from gridpress.pipeline.plan import describe, undecided
from gridpress.study.project import Project


def test_a_plan_counts_what_would_run(params):
    text = describe(params)
    assert "4 runs of 2 epochs" in text
    assert "4 fits" in text
    assert "200 training, 100 validation, 200 test per dataset" in text


def test_a_plan_says_where_there_are_fewer_images_than_asked_for(smoke):
    smoke["data"] |= {"train_samples": 60_000, "val_samples": 7_000, "test_samples": 20_000}
    assert (
        "49000 training (all there are; data.train_samples is 60000), 7000 validation, "
        "14000 test (all there are; data.test_samples is 20000) per dataset"
    ) in describe(parse_params(smoke, DECLARED))


def test_milestones_that_are_left_out_are_named(smoke):
    smoke["train"].update(milestones=[1, 3, 5], epochs=2)
    assert "4 runs of 2 epochs (milestones beyond the last epoch are left out: 3, 5)" in describe(
        parse_params(smoke, DECLARED)
    )


def test_the_cost_of_a_plan_is_the_sum_of_its_stages_or_said_to_be_unknown(params):
    seconds = dict.fromkeys(runs_by_stage_name(params), 90.0)
    text = describe(params, seconds)
    assert "4 runs of 2 epochs, about 6 min 00 s on one core" in text
    assert "4 fits, about 6 min 00 s on one core" in text
    seconds[next(iter(seconds))] = None
    text = describe(params, seconds)
    assert "4 runs of 2 epochs, at a cost that no recorded run tells" in text
    assert "4 fits, about 6 min 00 s" in text


def test_runs_of_what_validation_has_yet_to_choose_are_up_to_so_many(smoke, tmp_path):
    smoke["learning_curve"] = {"fractions": [0.02, 1.0], "epochs": [20]}
    params = parse_params(smoke, DECLARED)
    found = undecided(Project(tmp_path), params)
    assert found == {"learning_curve", "classical_curve", "saturation"}
    text = describe(params, undecided=found)
    assert "learning_curve   up to 4 runs, of what validation will choose" in text
    assert "classical_curve  up to 4 sets of fits, of what validation will choose" in text
    assert "saturation       up to 2 runs of 20 epochs, of what validation will choose" in text


def test_stages_without_runs_are_not_named(params):
    assert "learning_curve" not in describe(params)
