"""The profile of each published study asks for everything that the study printed, and for nothing else."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT
from gridpress.config.params import load_params
from gridpress.report.data.published import RECIPE, read_published
from gridpress.study import profiles
from gridpress.study.grid import train_runs
from gridpress.study.project import Project
from gridpress.training import milestones
from printed import STUDIES, about, agree, profile_of, rows, values

HERE = Project(ROOT)
GRID = ("model", "batch_size", "optimizer", "learning_rate", "precision", "data_memory")
pytestmark = pytest.mark.committed
each_study = pytest.mark.parametrize("letter", STUDIES)


@pytest.fixture
def published():
    return read_published(HERE.published)


@pytest.fixture
def usual():
    """What params.yaml says, where a study states nothing."""
    return load_params(HERE.params)


@pytest.fixture
def profile(letter):
    return profiles.load(HERE, profile_of(letter))


def of_networks(params):
    """What a grid of networks has of each parameter that the studies' tables have."""
    grid, recipes = params.train.grid, params.recipes
    return {
        "dataset": {*params.datasets},
        **{axis: {*getattr(grid, axis)} for axis in GRID},
        "epochs": {
            epoch for name in grid.recipe for epoch in milestones.tested_at(params.train, recipes[name])
        },
        "image_size": {params.train.image_size},
    }


def of_timing(params):
    """What the hardware benchmark has of them."""
    measure = params.hardware.measure
    return {
        "device": {target.device for target in measure.targets.values()},
        "model": {*measure.models},
        "batch_size": {*measure.batch_sizes},
        "optimizer": {*measure.optimizers},
        "learning_rate": {measure.learning_rate},
        "image_size": {measure.image_size},
    }


def networks_of(published, letter):
    """Those that a study is about."""
    return {name for name in about(published, letter)["models"].split(";") if name != "svm"}


def test_every_study_has_a_profile_of_its_name():
    named = {name for name in profiles.names(HERE) if name.startswith("study-")}
    assert named == {profile_of(letter) for letter in STUDIES}


@each_study
def test_every_network_printed_is_trained_as_its_study_states(letter, profile, published):
    train, recipes = profile.train, profile.recipes
    tested = [
        {**vars(run), "epochs": epoch, "image_size": train.image_size}
        for run in train_runs(profile).values()
        for epoch in milestones.tested_at(train, recipes[run.recipe])
    ]
    for row in rows(published.resnet, letter):
        assert any(agree(row, one) for one in tested), row


@each_study
def test_an_axis_has_the_values_that_its_study_states_or_else_those_of_params_yaml(
    letter, profile, usual, published
):
    found = rows(published.resnet, letter)
    stated = {name: values(found, name) for name in of_networks(usual)} | noted(published, letter)
    assert of_networks(profile) == {
        name: stated[name] or before for name, before in of_networks(usual).items()
    }


def noted(published, letter):
    """What studies.csv says of the axes of a study without tables."""
    if rows(published.resnet, letter):
        return {}
    notes = about(published, letter)["notes"]
    [epochs] = re.findall(r"epochs \(([\d, ]+)\)", notes)
    assert "Varies pin_memory" in notes
    return {
        "model": networks_of(published, letter),
        "epochs": {int(epoch) for epoch in epochs.split(", ")},
        "data_memory": {"pageable", "pinned"},
    }


@each_study
def test_a_profile_has_the_training_images_of_its_study(letter, profile, usual, published):
    """Those of its networks, where its SVMs had fewer: here every classifier has the same."""
    split = about(published, letter)["split"]
    images = profile.used("mnist")["train"]
    if isinstance(split, str):
        assert "/".join(f"{share:g}" for share in profile.data.split.model_dump().values()) == split
        assert images == round(float(split.split("/")[0]) * published.images)
    else:
        assert profile.data.split == usual.data.split
        assert {images} == (
            values(rows(published.svm, letter), "train_samples") or {usual.data.train_samples}
        )


@each_study
def test_every_svm_printed_is_fitted_and_no_other(letter, profile, usual, published):
    configs = [config.model_dump() for config in profile.svm.configs.values()]
    found = rows(published.svm, letter)
    if not found:
        assert profile.svm == usual.svm
        return
    fitting = [[place for place, config in enumerate(configs) if agree(row, config)] for row in found]
    assert [] not in fitting
    needed = {place for [place, *others] in fitting if not others}
    assert needed == {*range(len(configs))}, "some are not the only ones to agree with a row"


@each_study
def test_svms_have_the_iterations_and_the_scaling_that_a_study_states(letter, profile, usual, published):
    iterations = values(rows(published.svm, letter), "max_iter") or {usual.svm.max_iter}
    assert {profile.svm.max_iter} == iterations
    standard = "StandardScaler" in about(published, letter)["notes"]
    assert profile.svm.scaling == ("standard" if standard else usual.svm.scaling)


@each_study
def test_the_cases_of_a_study_are_timed(letter, profile, usual, published):
    found = rows(published.hardware, letter)
    before = of_timing(usual)
    stated = {name: values(found, name) for name in before}
    stated["model"] = stated["model"] or networks_of(published, letter)
    stated["device"] = stated["device"] or {"cpu", "cuda"}
    assert of_timing(profile) == {name: stated[name] or before[name] for name in before}


@each_study
def test_each_device_is_timed_in_fp32_and_in_mixed_precision_where_its_study_trained_so(
    letter, profile, published
):
    mixed = "fp16" in values(rows(published.resnet, letter), "precision")
    targets = profile.hardware.measure.targets.values()
    assert [(target.device, target.precision, target.threads) for target in targets] == [
        ("cpu", "fp32", "all"),
        ("cuda", "fp32", "all"),
        *([("cuda", "fp16", "all")] if mixed else []),
    ]


@each_study
@pytest.mark.usefixtures("letter")
def test_a_profile_trains_by_the_published_recipe_and_is_measured_on_the_machine_that_it_runs_on(profile):
    assert [profile.recipes[name] for name in profile.train.grid.recipe] == [RECIPE]
    assert profile.train.device == "auto"
    assert profile.hardware.machines == ["here"]
