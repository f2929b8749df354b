from __future__ import annotations

import shutil

import pytest

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.families.registry import FAMILIES
from gridpress.results.choices import choices, keys_of_choices
from gridpress.study.records.chosen import ChosenBaseline, ChosenNetwork, ChosenSvm
from gridpress.study.records.store import dumps, load
from report.builder import parameters, write_study
from report.made_up.runs import diverged, train_accuracy_of


@pytest.fixture(scope="module")
def params():
    return parse_params(parameters(datasets=["mnist"], train={"grid": {"seed": [0, 1]}}), DECLARED)


@pytest.fixture
def records(params, tmp_path):
    """Those of a made-up study with given accuracies of networks."""

    def records(accuracy=train_accuracy_of):
        content = parameters(datasets=["mnist"], train={"grid": {"seed": [0, 1]}})
        shutil.rmtree(tmp_path / "study", ignore_errors=True)
        project = write_study(tmp_path / "study", content, accuracy)
        return [
            load(family.record, family.record_path(project, key))
            for family in FAMILIES
            for key in family.runs(params)
        ]

    return records


def by_key(params, found):
    return {record.key: record for record in choices(params, found, sources(params))}


def sources(params):
    return {name: f"{place:064}" for place, name in enumerate(params.train.grid.model)}


def test_there_is_a_record_for_each_network_the_best_one_and_all_other_classifiers(params, records):
    found = by_key(params, records())
    assert [*found] == keys_of_choices(params)
    assert all(record.dataset == "mnist" for record in found.values())
    networks = [record.choices for key, record in found.items() if key != "mnist-svms-and-baselines"]
    assert all(len(chosen) == 1 and isinstance(chosen[0], ChosenNetwork) for chosen in networks)
    others = found["mnist-svms-and-baselines"].choices
    assert [one.config.kernel for one in others if isinstance(one, ChosenSvm)] == ["poly", "rbf"]
    assert [one.config.estimator for one in others if isinstance(one, ChosenBaseline)] == [
        config.estimator for config in params.baseline.configs.values()
    ]


def test_it_is_the_configuration_of_the_highest_mean_and_nothing_of_its_results(params, records):
    def accuracy(run, epoch):
        best = (run.model, run.batch_size, run.optimizer, run.learning_rate) == ("resnet50", 32, "sgd", 0.001)
        return 0.9 + 0.05 * best + 0.01 * epoch

    found = by_key(params, records(accuracy))
    [chosen] = found["mnist-best-network"].choices
    assert (chosen.model, chosen.batch_size, chosen.optimizer, chosen.learning_rate) == (
        "resnet50",
        32,
        "sgd",
        0.001,
    )
    assert chosen == found["mnist-resnet50"].choices[0]
    assert chosen.optimizer_settings == params.optimizers.sgd
    assert chosen.recipe_settings == params.recipes["default"]
    assert chosen.source_sha256 == sources(params)["resnet50"]
    assert "0.96" not in dumps(found["mnist-best-network"])


def test_other_accuracies_with_the_same_choice_are_the_same_bytes(params, records):
    before = [dumps(record) for record in choices(params, records(), sources(params))]
    after = records(lambda run, epoch: train_accuracy_of(run, epoch) - 0.001)
    assert [dumps(record) for record in choices(params, after, sources(params))] == before


def test_where_every_run_diverged_nothing_is_chosen(params, records):
    found = [
        diverged(record, 1) if getattr(record, "model", "") == "resnet18" else record for record in records()
    ]
    assert by_key(params, found)["mnist-resnet18"].choices == []
    assert by_key(params, found)["mnist-best-network"].choices[0].model != "resnet18"
