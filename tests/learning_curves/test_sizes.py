from __future__ import annotations

import pytest

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.learning_curves.sizes import (
    as_many_steps,
    at_fraction,
    longer,
    network_at_fraction,
    repetition,
)


@pytest.fixture
def params(content):
    """10 000 of 49 000 training images, 5 epochs, tested after 3 and 5."""
    return parse_params(content, DECLARED)


def test_a_fraction_is_of_the_training_and_of_the_validation_split_and_test_images_stay(params):
    assert at_fraction(params, "mnist", 0.06).used("mnist") == {
        "train": 2940,
        "train_eval": 2000,
        "validation": 420,
        "test": 14000,
    }


def test_training_accuracy_is_taken_on_no_more_images_than_there_are(params):
    assert at_fraction(params, "mnist", 0.02).used("mnist")["train_eval"] == 980


def test_there_are_never_fewer_validation_images_than_classes_nor_more_than_in_the_grid(content):
    content = content | {"data": content["data"] | {"val_samples": 300}}
    params = parse_params(content, DECLARED)
    assert at_fraction(params, "mnist", 0.001).used("mnist")["validation"] == 10
    assert at_fraction(params, "mnist", 1).used("mnist")["validation"] == 300


@pytest.mark.parametrize(("fraction", "batch", "epochs"), [(0.02, 16, 50), (0.06, 16, 17), (0.06, 32, 17)])
def test_below_the_grid_there_are_as_many_steps_to_the_nearest_epoch(params, fraction, batch, epochs):
    assert as_many_steps(params, "mnist", fraction, batch) == epochs
    steps = epochs * -(-round(fraction * 49000) // batch)
    assert abs(steps / (5 * -(-10000 // batch)) - 1) < 0.02


@pytest.mark.parametrize("fraction", [0.2041, 0.5, 1])
def test_from_the_grid_on_there_are_as_many_epochs_tested_at_its_milestones(params, fraction):
    train = network_at_fraction(params, "mnist", fraction, 16).train
    assert (train.epochs, train.milestones) == (5, [3])


def test_other_numbers_of_epochs_are_tested_after_the_last_one_alone(params):
    train = network_at_fraction(params, "mnist", 0.02, 16).train
    assert (train.epochs, train.milestones) == (50, [])


@pytest.mark.parametrize(("fraction", "subset"), [(0.2, "own"), (1, "shared"), (1.0, "shared")])
def test_a_network_draws_its_images_where_they_are_not_all_there_are(params, fraction, subset):
    assert network_at_fraction(params, "mnist", fraction, 16).train.subset == subset


def test_longer_training_is_tested_whenever_the_epochs_of_the_grid_have_doubled(params):
    train = longer(params, 20).train
    assert (train.epochs, train.milestones) == (20, [5, 10])
    assert longer(params, 7).train.milestones == [5]


def test_a_repetition_draws_other_images_and_seeds_the_estimator(params):
    found = {seed: repetition(params, "mnist-random_forest", seed) for seed in (0, 1)}
    assert [params.baseline.seed for params, _ in found.values()] == [0, 1]
    assert found[0][1] != found[1][1] != repetition(params, "mnist-rbf", 1)[1]


def test_the_study_itself_stays_as_it_is(params, content):
    network_at_fraction(params, "mnist", 0.02, 16)
    repetition(params, "mnist-random_forest", 7)
    assert params == parse_params(content, DECLARED)


def test_one_dataset_is_left_so_that_others_may_be_smaller(params):
    assert at_fraction(params, "fashion_mnist", 1).datasets == ["fashion_mnist"]


def test_what_a_recipe_counts_in_epochs_happens_after_as_many_steps(content):
    default = content["recipes"]["default"] | {
        "schedule": {"name": "step", "every": 2, "factor": 0.1},
        "early_stopping": {"metric": "accuracy", "patience": 3},
    }
    params = parse_params(content | {"recipes": {**content["recipes"], "default": default}}, DECLARED)
    few = network_at_fraction(params, "mnist", 0.02, 16).recipes["default"]
    assert (few.schedule.every, few.early_stopping.patience) == (20, 30)
    many = network_at_fraction(params, "mnist", 1, 16).recipes["default"]
    assert many == params.recipes["default"]
