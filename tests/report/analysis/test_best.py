"""What validation chose is the same everywhere, and says which of several seeds it is."""

from __future__ import annotations

import pytest

from gridpress.report.analysis import best
from gridpress.report.analysis.best import Best
from gridpress.report.analysis.overfitting import FAR, by_configuration, fallen, final, gaps
from gridpress.report.data.study import Study
from gridpress.report.sections.limitations.limitations import limits
from gridpress.report.sections.selected.best_tables import best_networks, cross_method
from gridpress.results import shared_errors
from gridpress.stats.selection_bias import selection_inflation
from report.builder import PATIENT, parameters, peaking, write_study

SEEDS = [0, 1]


def accuracy(run, epoch):
    """ResNet-50 has the lucky seed, ResNet-18 the higher mean; both are best with batches of 16 and Adam."""
    value = {"resnet18": (0.96, 0.95), "resnet50": (0.98, 0.90)}[run.model][run.seed]
    return value - 0.01 * (run.batch_size == 32) - 0.02 * (run.optimizer == "sgd") - 0.001 * (epoch == 1)


@pytest.fixture(scope="module")
def lucky(tmp_path_factory) -> Study:
    grid = {"seed": SEEDS, "learning_rate": [0.001]}
    content = parameters(datasets=["mnist"], train={"grid": grid})
    return Study.load(write_study(tmp_path_factory.mktemp("lucky"), content, accuracy, lambda _: 0.90))


@pytest.fixture
def chosen(lucky) -> Best:
    return best.overall(best.networks(lucky))["mnist"]


def test_the_configuration_of_the_highest_mean_is_chosen_not_that_of_the_luckiest_seed(lucky, chosen):
    marked = lucky.configurations[lucky.configurations["chosen"]]
    assert chosen.classifier == "resnet18"
    assert chosen.key in marked["keys"].item()
    records = [*lucky.train.values(), *lucky.svm.values()]
    assert shared_errors.most_shared_errors(records, lucky.params)[0].classifier.key == chosen.key


def test_of_its_seeds_the_best_is_shown_and_named(lucky, chosen):
    assert chosen.words.endswith("2 epochs, seed 0")
    assert chosen.validation.accuracy == pytest.approx(0.96)
    assert chosen.score == pytest.approx(0.955)
    (table,) = best_networks(lucky)
    cells = [cell.text for cell in table.body[0]]
    assert f"{100 * chosen.seed_mean:.2f} (" in " ".join(map(str, cells))
    assert "the seed with the highest validation accuracy" in table.caption
    (cross,) = cross_method(lucky)
    assert "Of several seeds the one with the highest validation accuracy" in cross.caption


def test_what_picking_inflates_counts_every_seed(chosen):
    assert (chosen.candidates, chosen.states) == (8, 16)
    assert chosen.inflation == selection_inflation(chosen.validation.accuracy, chosen.validation.images, 16)


def test_the_limits_count_every_seed(lucky):
    assert limits(lucky).searched[:2] == ["16 states of ResNet-18", "16 states of ResNet-50"]


def test_an_interval_over_few_seeds_ends_where_accuracies_end(lucky):
    fifty = next(found for found in best.networks(lucky) if found.classifier == "resnet50")
    assert fifty.seed_interval.high == 1
    row = lucky.configurations.iloc[-1]
    assert best.accuracy_interval(lucky, row).high == 1


def test_seeds_of_a_configuration_are_averaged_before_configurations_are_counted(lucky):
    last = gaps(lucky)
    last = last[(last["epoch"] == 2) & (last["model"] == "resnet18")]
    assert (len(last), len(by_configuration(last, "gap"))) == (8, 4)


def test_a_run_that_fell_is_named_with_its_seed(tmp_path):
    def falls(run, epoch):
        return 0.5 if (run.model, run.seed, epoch) == ("resnet18", 1, 2) else accuracy(run, epoch)

    grid = {"seed": SEEDS, "learning_rate": [0.001], "batch_size": [16], "optimizer": ["adam"]}
    content = parameters(datasets=["mnist"], train={"grid": grid})
    (found,) = fallen(Study.load(write_study(tmp_path, content, falls)))
    assert found.words.endswith("seed 1")


def test_of_a_network_that_stopped_early_the_epoch_that_was_kept_is_named(tmp_path):
    content = parameters(
        datasets=["mnist"], train={"epochs": 9, "grid": {"learning_rate": [0.001]}}, **PATIENT
    )
    found = best.networks(Study.load(write_study(tmp_path, content, peaking)))
    assert [one.words.rpartition(", ")[2] for one in found] == [
        "early stopping at epoch 2 of 9",
        "early stopping at epoch 3 of 9",
    ]


def test_a_run_that_stopped_early_has_not_fallen_and_its_gap_is_that_of_the_epoch_kept(tmp_path):
    content = parameters(datasets=["mnist"], train={"epochs": 9}, **PATIENT)
    study = Study.load(write_study(tmp_path, content, peaking))
    assert (
        study.history.groupby("key")["validation_accuracy"].agg(lambda rows: rows.max() - rows.iloc[-1]).min()
        > FAR
    )
    assert fallen(study) == []
    assert dict(final(study)[["key", "epoch"]].to_numpy()) == {
        key: record.stopped for key, record in study.train.items()
    }
