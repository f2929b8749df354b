from __future__ import annotations

import pytest

from gridpress.families.baselines import BASELINES
from gridpress.families.svms import SVMS


@pytest.mark.parametrize("family", [SVMS, BASELINES])
def test_the_command_of_a_configuration_names_its_stage_and_its_dataset_alone(family, params):
    key, run = next(iter(family.runs(params).items()))
    command = f"dvc exp run -S 'datasets=[{run.dataset}]' {family.stage}@{key}"
    assert family.experiment(run, params) == command
    assert family.configuration(run) == (run.dataset, run.name)


@pytest.mark.parametrize("family", [SVMS, BASELINES])
def test_how_many_fits_there_are_is_told(family, params):
    assert family.work(params) == f"{len(family.runs(params))} fits"
