"""Seed noise, test-set noise, and the pairs of configurations that differ by more."""

from __future__ import annotations

import math
from math import sqrt
from statistics import stdev

import numpy as np
import pytest

from gridpress.report.analysis.noise import Seeded, by_dataset, by_network, compared, seeded
from gridpress.report.contents import Contents
from gridpress.report.data.study import Study
from gridpress.report.presentation.prose import paragraphs
from gridpress.report.sections.findings.findings import facts
from gridpress.report.sections.networks import noise
from report.builder import parameters, write_study


def network(share_wrong, *, seeds=3, seed_sd=0.0, images=10_000, model="resnet18", dataset="mnist"):
    """Errors on the same first images, so that two networks of equal share answer alike."""
    wrong = [
        list(range(round(images * (share_wrong + seed_sd * step)))) for step in np.linspace(-1, 1, seeds)
    ]
    accuracies = [1 - len(index) / images for index in wrong]
    return Seeded(dataset, model, 70_000, images, accuracies, wrong)


def verdicts(*networks):
    return [(pair.beyond_seeds, pair.beyond_images) for pair in compared(networks)]


def test_a_difference_larger_than_both_noises_is_beyond_both():
    assert verdicts(network(0.05, seed_sd=0.001), network(0.10, seed_sd=0.001)) == [(True, True)]


def test_a_difference_that_seeds_explain_is_beyond_the_images_alone():
    assert verdicts(network(0.10, seed_sd=0.05), network(0.13, seed_sd=0.05)) == [(False, True)]


def test_a_difference_that_test_images_explain_is_beyond_the_seeds_alone():
    assert verdicts(network(0.10, images=100), network(0.11, images=100)) == [(True, False)]


def test_networks_that_answer_alike_differ_by_nothing():
    assert verdicts(network(0.10), network(0.10)) == [(False, False)]


def test_one_seed_says_nothing_of_seeds():
    one, other = network(0.05, seeds=1), network(0.10, seeds=1)
    assert math.isnan(one.over_seeds)
    assert verdicts(one, other) == [(False, True)]


def test_datasets_are_not_compared_with_one_another():
    assert compared([network(0.05), network(0.10, dataset="fashion_mnist")]) == []


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    content = parameters(train={"grid": {"seed": [0, 1, 2]}})
    return Study.load(write_study(tmp_path_factory.mktemp("study"), content))


def test_the_noises_of_a_configuration_are_those_of_its_records(seeds):
    epoch = seeds.params.train.epochs
    row = seeds.configurations[seeds.configurations["epoch"] == epoch].iloc[0]
    reached = [seeds.train[key].milestones[-1].test.accuracy for key in row["keys"]]
    first = seeded(seeds)[0]
    assert first.over_seeds == pytest.approx(stdev(reached))
    assert first.over_images == pytest.approx(sum(sqrt(a * (1 - a) / 1000) for a in reached) / 3)


def test_every_network_and_all_of_a_dataset_have_a_row(seeds):
    grid = seeds.params.train.grid
    each = len(grid.batch_size) * len(grid.optimizer) * len(grid.learning_rate)
    found = [(row.dataset, row.models, row.configurations, row.pairs) for row in by_network(seeds)]
    models = [("resnet18",), ("resnet50",), ("resnet18", "resnet50")]
    assert found == [
        (dataset, names, each * len(names), each * len(names) * (each * len(names) - 1) // 2)
        for dataset in seeds.datasets
        for names in models
    ]
    assert by_dataset(seeds) == [row for row in by_network(seeds) if len(row.models) == 2]


def test_pairs_beyond_both_are_beyond_each(seeds):
    rows = by_network(seeds)
    assert any(row.beyond_both for row in rows)
    for row in rows:
        assert 0 <= row.beyond_both <= min(row.beyond_seeds, row.beyond_images) <= row.pairs


def findings(study: Study) -> str:
    return " ".join(paragraphs("findings", Contents(study), facts(study), study=study).split())


def test_the_findings_tell_seed_noise_from_test_noise(seeds):
    said = findings(seeds)
    row = by_dataset(seeds)[0]
    assert f"scatter by {100 * row.seeds_sd:.2f} points from seed to seed" in said
    assert (
        f"{row.beyond_both} of {row.pairs} pairs of configurations differ by more than both explain" in said
    )


def test_with_one_seed_the_table_says_that_seeds_were_not_measured(study):
    [table] = noise.seed_and_image_noise(study)
    assert "not measured with one" in table.caption
    assert [cell.text for cell in table.body[1][1:3]] == ["–", "–"]
    said = findings(study)
    assert "How much is chance" not in said


def test_a_configuration_alone_has_no_table(build):
    grid = {"model": ["resnet18"], "batch_size": [16], "optimizer": ["sgd"], "learning_rate": [0.001]}
    assert list(noise.seed_and_image_noise(build(train={"grid": grid}))) == []
