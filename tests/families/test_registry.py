from __future__ import annotations

import pytest

from gridpress.families.baselines import BASELINES
from gridpress.families.networks import NETWORKS
from gridpress.families.registry import BY_STAGE, FAMILIES, family_of, runs_by_stage_name
from gridpress.families.svms import SVMS


def test_every_family_has_a_stage_of_its_own():
    assert {family.stage: family for family in FAMILIES} == BY_STAGE
    assert BY_STAGE == {"train": NETWORKS, "svm": SVMS, "baseline": BASELINES}


def test_a_record_belongs_to_one_family():
    assert [family_of(family.record.model_construct()) for family in FAMILIES] == list(FAMILIES)


def test_every_run_of_the_study_is_named_as_its_stage(params):
    runs = runs_by_stage_name(params)
    assert len(runs) == sum(len(family.runs(params)) for family in FAMILIES)
    assert all(name == f"{family.stage}@{run.key}" for name, (family, run) in runs.items())


@pytest.mark.parametrize("family", FAMILIES)
def test_what_computes_a_run_is_in_the_module_of_its_stage(family):
    assert family.compute().__module__ == f"gridpress.pipeline.stages.{family.stage}"
