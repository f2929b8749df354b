from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from gridpress.config.recipes import WeightsFile
from gridpress.errors import InputError
from gridpress.study.grid import train_runs
from gridpress.training.setup import Setup


@pytest.fixture
def setup(params):
    return Setup.of(next(iter(train_runs(params).values())), params)


def test_random_draws_belong_to_the_whole_configuration_and_its_seed(setup):
    changes = [{}, *({axis: "other"} for axis in vars(setup.run))]
    seeds = {replace(setup, run=replace(setup.run, **change)).seed("weights") for change in changes}
    assert len(seeds) == len(vars(setup.run)) + 1
    assert setup.seed("order", 1) != setup.seed("order", 2)


def test_shared_seeds_belong_to_the_seed_alone(setup):
    shared = replace(setup, settings=setup.settings.model_copy(update={"seeds": "shared"}))
    other = replace(shared, run=replace(setup.run, learning_rate=9.0))
    assert shared.seed("weights") == other.seed("weights")
    assert shared.seed("weights") != replace(shared, run=replace(setup.run, seed=9)).seed("weights")


def test_a_run_draws_its_own_training_images_only_where_that_is_asked_for(setup):
    assert setup.draw is None
    own = replace(setup, settings=setup.settings.model_copy(update={"subset": "own"}))
    assert own.draw == own.seed("subset")


def named(setup, **weights):
    recipe = setup.recipe.model_copy(update={"weights": WeightsFile(**weights)})
    return replace(setup, recipe=recipe)


def test_a_file_of_weights_is_the_one_that_the_recipe_names(setup, tmp_path):
    (tmp_path / "w.pth").write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    assert named(setup, file="w.pth", sha256=digest).weights_file(tmp_path) == tmp_path / "w.pth"
    assert setup.weights_file(tmp_path) is None
    with pytest.raises(InputError, match=r"w.pth: SHA-256 expected 000.+ by recipe default, found "):
        named(setup, file="w.pth", sha256="0" * 64).weights_file(tmp_path)
    with pytest.raises(InputError, match=r"cannot read .+gone.pth, which recipe default names: No such file"):
        named(setup, file="gone.pth", sha256=digest).weights_file(tmp_path)
