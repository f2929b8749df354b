from __future__ import annotations

import re

import pytest

from conftest import ROOT
from gridpress.errors import InputError
from gridpress.grid import run_names
from gridpress.params import parse_params
from gridpress.plan import command_for, describe, with_profile
from gridpress.project import Project
from gridpress.repro.estimate import estimates


def test_a_plan_counts_what_would_run(params):
    text = describe(params)
    assert "4 runs of 2 epochs" in text
    assert "4 fits" in text
    assert "200 training, 100 validation, 200 test per dataset" in text


def test_a_profile_replaces_all_of_its_blocks(content):
    params = parse_params(content)
    smoke = with_profile(params, "smoke")
    assert smoke.train == params.profiles["smoke"].train
    assert smoke.datasets == params.datasets


def test_a_profile_is_run_by_references_to_its_blocks():
    assert command_for("smoke") == (
        "dvc exp run -S 'data=${profiles.smoke.data}' -S 'train=${profiles.smoke.train}'"
        " -S 'svm=${profiles.smoke.svm}' -S 'hardware=${profiles.smoke.hardware}'"
    )


def test_an_unknown_profile_is_refused_with_those_that_exist(content):
    with pytest.raises(InputError, match=r"no profile 'smok'; it has .*Did you mean smoke\?"):
        with_profile(parse_params(content), "smok")


def test_the_cost_of_a_plan_is_the_sum_of_its_stages_or_said_to_be_unknown(params):
    seconds = dict.fromkeys(run_names(params), 90.0)
    text = describe(params, seconds)
    assert "4 runs of 2 epochs, about 6 min 00 s on one core" in text
    assert "4 fits, about 6 min 00 s on one core" in text
    seconds[next(iter(seconds))] = None
    text = describe(params, seconds)
    assert "4 runs of 2 epochs, at a cost that no recorded run tells" in text
    assert "4 fits, about 6 min 00 s" in text


def test_every_profile_is_valid_and_has_its_runs_counted_and_its_cost_estimated(content):
    params = parse_params(content)
    assert {"smoke", "published"} <= set(params.profiles)
    for name in params.profiles:
        chosen = with_profile(params, name)
        assert parse_params({**content, **content["profiles"][name]}) == chosen
        text = describe(chosen, estimates(Project(ROOT), chosen, run_names(chosen), None))
        assert len(re.findall(r"about .* on one core", text)) == 2, text


def test_the_published_profile_is_what_the_studies_did(content):
    published = with_profile(parse_params(content), "published")
    assert published.data.images("train") == 49_000
    assert (published.train.epochs, published.train.milestones) == (10, [5, 10])
    assert published.train.image_size == 64
    grid = published.train.grid
    assert grid.precision == ["fp32", "fp16"]
    assert grid.data_memory == ["pageable", "pinned"]
    assert len(run_names(published)) == 128 + 26
