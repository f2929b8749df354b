from __future__ import annotations

import pytest

from gridpress.errors import InputError
from gridpress.params import parse_params
from gridpress.plan import command_for, describe, with_profile


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
