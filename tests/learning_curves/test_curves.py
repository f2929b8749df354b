from __future__ import annotations

import pytest

from conftest import DECLARED
from gridpress.config.dataset import Dataset
from gridpress.config.params import parse_params
from gridpress.errors import GridpressError
from gridpress.families.baselines import BASELINES
from gridpress.families.networks import NETWORKS
from gridpress.families.svms import SVMS
from gridpress.learning_curves.chosen import CHOSEN
from gridpress.learning_curves.curves import (
    CLASSICAL_CURVES,
    CURVES,
    NETWORK_CURVES,
    SATURATION,
    full_size,
    is_of_the_grid,
)
from gridpress.study.project import Project
from gridpress.study.records.chosen import ChosenRecord
from gridpress.study.records.store import load, save
from report.builder import parameters, write_study

CURVE = {"fractions": [0.02, 1.0], "epochs": [20]}


@pytest.fixture(scope="module")
def content():
    return parameters(datasets=["mnist"], train={"grid": {"seed": [0, 1]}}, learning_curve=CURVE)


@pytest.fixture(scope="module")
def params(content):
    return parse_params(content, DECLARED)


@pytest.fixture(scope="module")
def project(content, tmp_path_factory) -> Project:
    """All records of these parameters; never change it."""
    return write_study(tmp_path_factory.mktemp("curves") / "study", content)


def members(curve, key, params, project):
    return curve.members(curve.runs(params)[key], params, project)


def test_a_network_is_trained_as_it_was_chosen_with_the_seed_of_the_run(params, project):
    chosen = load(ChosenRecord, project.record(CHOSEN, "mnist-resnet18")).choices[0]
    [member] = members(NETWORK_CURVES, "mnist-resnet18-0.02-1", params, project)
    assert (member.family, member.run.seed, member.run.model) == (NETWORKS, 1, "resnet18")
    assert (member.run.batch_size, member.run.optimizer) == (chosen.batch_size, chosen.optimizer)
    assert (member.params.used("mnist")["train"], member.params.train.subset) == (980, "own")


def test_each_classical_classifier_is_repeated_below_all_images_and_fitted_once_on_all(params, project):
    few = members(CLASSICAL_CURVES, "mnist-0.02", params, project)
    every = members(CLASSICAL_CURVES, "mnist-1.0", params, project)
    kinds = [(one.family, one.run.name) for one in every]
    assert {family for family, _ in kinds} == {SVMS, BASELINES}
    assert [(one.family, one.run.name) for one in few] == [kind for kind in kinds for _ in (0, 1)]
    assert len({one.draw for one in few}) == len(few)
    assert {one.draw for one in every} == {None}


def test_saturation_is_of_the_best_network_with_the_first_seed(params, project):
    [member] = members(SATURATION, "mnist-20", params, project)
    assert (member.params.train.epochs, member.run.seed, member.params.used("mnist")["train"]) == (
        20,
        0,
        49000,
    )
    [best] = load(ChosenRecord, project.record(CHOSEN, "mnist-best-network")).choices
    assert member.run.model == best.model


def test_what_was_chosen_of_other_parameters_is_refused(content, project):
    other = dict(content, recipes={**content["recipes"], "default": content["recipes"]["modern"]})
    with pytest.raises(GridpressError, match=r"mnist-resnet18\.json is of other parameters than params.yaml"):
        members(NETWORK_CURVES, "mnist-resnet18-0.02-0", parse_params(other, DECLARED), project)
    svms = {**content["svm"], "configs": {"other": {"kernel": "linear", "C": 1.0}}}
    with pytest.raises(GridpressError, match=r"svms-and-baselines\.json is of other parameters"):
        members(CLASSICAL_CURVES, "mnist-1.0", parse_params(content | {"svm": svms}, DECLARED), project)


def test_before_anything_is_chosen_the_missing_record_is_named(params, tmp_path):
    with pytest.raises(GridpressError, match=r"chosen/mnist-resnet18\.json is missing"):
        members(NETWORK_CURVES, "mnist-resnet18-1.0-0", params, Project(tmp_path))


def test_where_nothing_was_chosen_a_run_has_nothing_to_compute(params, tmp_path):
    nothing = ChosenRecord(
        schema_version=ChosenRecord.current, key="mnist-resnet18", dataset="mnist", choices=[]
    )
    save(nothing, Project(tmp_path).record(CHOSEN, "mnist-resnet18"))
    assert members(NETWORK_CURVES, "mnist-resnet18-1.0-0", params, Project(tmp_path)) == []


def test_what_the_grid_computes_anyway_is_told_from_what_it_does_not(tmp_path):
    everything = parameters(
        datasets=["mnist"],
        data={"train_samples": "all", "train_eval_samples": 500},
        learning_curve=CURVE,
    )
    params = parse_params(everything, DECLARED)
    made = write_study(tmp_path / "study", everything)
    for curve, key in ((NETWORK_CURVES, "mnist-resnet18-1.0-0"), (CLASSICAL_CURVES, "mnist-1.0")):
        run = curve.runs(params)[key]
        assert all(is_of_the_grid(one, params) for one in curve.members(run, params, made))
        assert curve.computed(run, params, made) == []
        sent = curve.files(run, params, made)
        assert sum("/chosen/" in path for path in sent) == 1
        assert sum(path.startswith("metrics/timing/") for path in sent) == len(
            curve.members(run, params, made)
        )
    few = NETWORK_CURVES.runs(params)["mnist-resnet18-0.02-0"]
    assert NETWORK_CURVES.computed(few, params, made) == NETWORK_CURVES.members(few, params, made)


def test_made_up_records_are_what_params_and_choices_ask_for(params, project):
    for curve in CURVES:
        for key, run in curve.runs(params).items():
            record = load(curve.record, curve.record_path(project, key))
            assert curve.mismatches(record, run, params, project) == {}
            fewer = record.model_copy(update={"results": record.results[1:]})
            assert curve.mismatches(fewer, run, params, project) == {"results": len(record.results) - 1}


def test_a_record_of_another_choice_is_one_of_other_parameters(params, project):
    run = NETWORK_CURVES.runs(params)["mnist-resnet18-0.02-0"]
    record = load(NETWORK_CURVES.record, NETWORK_CURVES.record_path(project, run.key))
    result = record.results[0].model_copy(update={"optimizer": "sgd", "learning_rate": 0.0001})
    other = record.model_copy(update={"results": [result]})
    assert {"optimizer", "learning_rate"} <= NETWORK_CURVES.mismatches(other, run, params, project).keys()


def test_final_models_are_the_runs_on_all_images(params):
    assert full_size(NETWORK_CURVES, params) == [
        f"mnist-{model}-1.0-{seed}" for model in params.train.grid.model for seed in (0, 1)
    ]
    assert full_size(CLASSICAL_CURVES, params) == ["mnist-1.0"]


def test_an_svm_on_all_images_is_known_to_take_more_memory(params):
    assert CLASSICAL_CURVES.memory(params) > 8 * 2 * 49000 * 784


def test_a_classifier_that_wants_more_images_than_a_fraction_has_is_named(content):
    neighbours = {"estimator": "k_nearest_neighbours", "scaling": "none", "parameters": {"n_neighbors": 990}}
    params = parse_params(content | {"baseline": {"seed": 0, "configs": {"knn": neighbours}}}, DECLARED)
    [fault] = CLASSICAL_CURVES.impossible(params, None)
    assert fault == (
        "params.yaml: baseline.configs.knn: n_neighbors is 990, but there are only 980 training images "
        "(learning_curve.fractions, dataset mnist)"
    )


def test_numbers_of_epochs_that_are_not_above_the_grids_are_left_out(content, project):
    params = parse_params(content | {"learning_curve": {"fractions": [], "epochs": [1, 2, 20]}}, DECLARED)
    assert [len(members(SATURATION, key, params, project)) for key in SATURATION.runs(params)] == [0, 0, 1]
    assert SATURATION.work(params) == "1 run of 20 epochs (not above train.epochs: 1, 2)"


def test_a_learning_rate_that_is_a_whole_number_keeps_the_name_that_dvc_gives_it(tmp_path):
    content = parameters(
        datasets=["mnist"],
        train={"grid": {"model": ["resnet18"], "learning_rate": [1]}},
        learning_curve={"fractions": [0.02]},
    )
    made, params = write_study(tmp_path / "study", content), parse_params(content, DECLARED)
    [member] = members(NETWORK_CURVES, "mnist-resnet18-0.02-0", params, made)
    assert "-1-fp32-" in member.run.key


def test_datasets_of_different_size_are_each_cut_by_themselves(content):
    few = DECLARED["fashion_mnist"].model_dump()
    parts = [{**part, "number": 5000} for part in few["parts"]]
    small = Dataset.model_validate({**few, "parts": parts})
    both = content | {"datasets": ["mnist", "small"], "data": content["data"] | {"train_samples": 500}}
    params = parse_params(both, {"mnist": DECLARED["mnist"], "small": small})
    assert CLASSICAL_CURVES.memory(params) > 8 * 2 * 49000 * 784
    assert [*CLASSICAL_CURVES.impossible(params, None)] == []
