from __future__ import annotations

import shutil

import pytest

from conftest import ROOT
from gridpress.params import Profile, load_params
from gridpress.project import Project
from gridpress.smoke import apply_profile


@pytest.fixture
def copy(tmp_path):
    shutil.copy(ROOT / "params.yaml", tmp_path)
    return Project(tmp_path)


def test_a_profile_replaces_its_blocks_and_nothing_else(copy):
    before = load_params(copy.params)
    apply_profile(copy, "smoke")
    after = load_params(copy.params)
    for block in Profile.model_fields:
        assert getattr(after, block) == getattr(before.profiles["smoke"], block)
    assert (after.datasets, after.optimizers, after.profiles) == (
        before.datasets,
        before.optimizers,
        before.profiles,
    )


def test_blocks_are_written_out_as_overrides_do_not_follow_aliases(copy):
    apply_profile(copy, "smoke")
    text = copy.params.read_text(encoding="utf-8")
    assert "&id" not in text
    assert "*id" not in text
