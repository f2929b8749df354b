from __future__ import annotations

import pandas as pd
import pytest

from gridpress.report.analysis import best
from gridpress.report.analysis.counterparts import as_published
from gridpress.report.contents import Contents
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.networks import effects, overfitting
from gridpress.report.sections.published import comparison
from gridpress.report.sections.selected import pareto
from gridpress.results.selection import best_seed
from gridpress.stats.intervals import mean_interval
from report.builder import parameters


def test_counterparts_are_the_same_configuration(study):
    table = comparison.counterparts(study)
    svms = table[table["study"] == "A"]
    row = svms[
        (svms["dataset"] == "mnist")
        & (svms["classifier"] == "poly")
        & (svms["words"] == "degree 3, C 0.1, gamma auto")
    ]
    assert row["published"].item() == pytest.approx(0.4433)
    assert row["here"].item() == study.svm["mnist-poly3-C0_1-gauto"].test.accuracy
    networks = table[(table["study"] == "E") & table["classifier"].str.startswith("resnet")]
    assert set(networks["words"]) == {"16, SGD, 0.001, 2 epochs"}


def test_frontier_keeps_what_nothing_beats():
    table = pd.DataFrame(
        {
            "training_seconds": [1.0, 2.0, 3.0, 3.0],
            "test_accuracy": [0.8, 0.7, 0.9, 0.95],
            "name": list("abcd"),
        }
    )
    assert list(pareto.frontier(table)["name"]) == ["a", "d"]


def test_effects_compare_matched_pairs_only(study):
    found = {(e.dataset, e.axis): e for e in effects.axis_effects(study)}
    assert {axis for _, axis in found} == {"model", "batch_size", "optimizer", "learning_rate", "epoch"}
    assert found["mnist", "optimizer"].result.pairs == 8
    assert found["mnist", "epoch"].result.pairs == 16
    assert found["mnist", "optimizer"].contrast == "Adam minus SGD"


def test_gap_is_training_minus_validation(study):
    row = overfitting.gaps(study).iloc[-1]
    epoch = study.train[row["key"]].history[row["epoch"] - 1]
    assert row["gap"] == pytest.approx(epoch.train_accuracy - epoch.validation_accuracy) != 0


def test_with_several_seeds_the_interval_of_a_network_is_over_them(build):
    study = build(datasets=["mnist"], train={"grid": {"seed": [0, 1, 2], "model": ["resnet18"]}})
    table = comparison.counterparts(study)
    row = table[table["classifier"] == "resnet18"].iloc[0]
    accuracies = [study.train[key].milestones[-1].test.accuracy for key in row["keys"]]
    interval = mean_interval(accuracies)
    assert (row["low"], row["high"]) == (interval.low, interval.high)
    assert row["here"] == pytest.approx(sum(accuracies) / 3)


def test_of_several_seeds_validation_picks_the_one_that_is_compared(build):
    study = build(datasets=["mnist"], train={"grid": {"seed": [0, 1, 2], "model": ["resnet18"]}})
    rows = study.configurations.to_dict("records")
    assert len(rows) == 2 * 2 * 2 * 2  # batch sizes, optimizers, learning rates, milestones
    for row in rows:
        seeds = best.seeds_of(study, row)
        ranks = {seed.record.key: seed.tested.validation.accuracy for seed in seeds}
        assert [*ranks] == list(row["keys"])
        assert ranks[best_seed(seeds, "accuracy").record.key] == max(ranks.values())


def test_networks_of_other_recipes_than_the_published_ones_are_no_counterparts(build):
    grid = {"recipe": ["modern", "default"], "model": ["resnet18"]}
    study = build(datasets=["mnist"], train={"grid": grid})
    table = comparison.counterparts(study)
    keys = {key for row in table[table["stage"] == "train"]["keys"] for key in row}
    assert keys
    assert {study.train_runs[key].recipe for key in keys} == {"default"}


def test_a_study_of_another_recipe_alone_has_counterparts_of_svms_only(build):
    study = build(datasets=["mnist"], train={"grid": {"recipe": ["modern"]}})
    assert set(comparison.counterparts(study)["stage"]) == {"svm"}
    said = " ".join(paragraphs("published", Contents(study), study=study).split())
    assert "No study trained by the recipe `modern`: such networks are left out" in said


def test_a_recipe_of_another_name_is_a_counterpart_if_it_is_the_same(build):
    recipes = {"usual": parameters()["recipes"]["default"]}
    study = build(datasets=["mnist"], recipes=recipes, train={"grid": {"recipe": ["usual"]}})
    assert as_published(study) is study
    assert set(comparison.counterparts(study)["stage"]) == {"train", "svm"}


@pytest.mark.parametrize(("memories", "said"), [(["pageable"], False), (["pageable", "pinned"], True)])
def test_where_memory_varies_the_table_says_which_network_is_compared(build, memories, said):
    grid = {"model": ["resnet18"], "data_memory": memories}
    study = build(datasets=["mnist"], train={"epochs": 5, "grid": grid})
    table, _ = comparison.published_accuracies(study)
    assert ("in precision or memory alone" in table.caption) is said
