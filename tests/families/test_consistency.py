from __future__ import annotations

import re

import pytest

from checks.verify.conftest import edit
from conftest import DECLARED
from gridpress.config.recipes import EarlyStopping
from gridpress.families.networks import NETWORKS
from gridpress.families.registry import family_of


@pytest.fixture
def found(params, images, splits):
    """What is wrong with a record."""

    def found(record):
        family = family_of(record)
        run = family.runs(params)[record.key]
        return [*family.faults(record, run, params, images.labels, splits)]

    return found


def test_records_as_they_should_be_have_no_fault(found, network, svm, baseline):
    assert [found(record) for record in (network, svm, baseline)] == [[], [], []]


def test_a_run_that_diverged_has_no_fault(found, network):
    content = network.model_dump() | {"diverged_at_epoch": 2}
    content |= {"history": content["history"][:1], "milestones": content["milestones"][:1]}
    assert found(type(network).model_validate(content)) == []


def test_a_run_that_validation_ended_has_the_best_epoch_as_its_only_milestone(
    params, images, splits, network
):
    rule = EarlyStopping(metric="accuracy", patience=1)
    recipe = params.recipes["default"].model_copy(update={"early_stopping": rule})
    stopping = params.model_copy(update={"recipes": {"default": recipe}})
    run = NETWORKS.runs(stopping)[network.key]

    def faults(**changes):
        record = network.model_copy(update={"recipe_settings": recipe, **changes})
        return [*NETWORKS.faults(record, run, stopping, images.labels, splits)]

    kept = {"stopped": 1, "milestones": network.milestones[:1]}
    assert faults(**kept) == []
    assert faults(**kept, history=network.history[:1]) == [
        "history holds the epochs [1], not those from 1 to 2"
    ]
    assert faults(stopped=2, milestones=network.milestones[1:]) == [
        "stopped is 2, by history it is 1",
        "milestones holds the epochs [2], not [1]",
    ]


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (
            ("milestones", 1, "test", "accuracy"),
            0.95,
            "test.accuracy is 0.95, but 6 misclassified of",
        ),
        (
            ("milestones", 1, "test", "macro_f1"),
            0.95,
            "test.macro_f1 is 0.95, but 6 misclassified of",
        ),
        (("milestones", 0, "validation", "accuracy"), 1.0, "epoch 1: validation_accuracy is 1.0, in history"),
        (("milestones", 0, "validation", "log_loss"), 1.0, "epoch 1: validation_log_loss is 1.0, in history"),
        (("milestones", 1, "test", "images"), 50, "test.images is 50, params.yaml asks for 60"),
        (
            ("milestones", 1, "test", "reliability", "images"),
            [1] * 15,
            "test.reliability counts other",
        ),
        (("milestones", 1, "epoch"), 1, r"milestones holds the epochs \[1, 1\], not \[1, 2\]"),
        (("history", 1, "validation_accuracy"), 0.91, "validation_accuracy is 0.91, which is no share of 60"),
        (("history", 0, "epoch"), 2, "history holds the epochs"),
        (("history", 0, "loss"), -0.1, "loss is -0.1"),
        (("diverged_at_epoch",), 2, "history holds the epochs"),
        (("stopped",), 2, "stopped is 2, by history it is None"),
        (("epochs",), 9, "epochs is 9, params.yaml asks for 2"),
        (("seed",), 7, "seed is 7, params.yaml asks for 0"),
        (("seeds",), "shared", "seeds is shared, params.yaml asks for independent"),
        (("recipe_settings", "label_smoothing"), 0.1, "recipe_settings is"),
        (("test_samples",), 10, "test_samples is 10, params.yaml asks for 60"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_what_a_training_record_cannot_hold_is_named(found, network, path, value, fault):
    said = found(edit(network, *path, to=value))
    assert re.search(fault, "\n".join(said))


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("test", "accuracy"), 0.95, "test.accuracy is 0.95, but 6 misclassified of 60 images give 0.9"),
        (("train_accuracy",), 0.999, "train_accuracy is 0.999, which is no share of 120 images"),
        (("support_vectors",), [500] * 10, "support_vectors"),
        (("support_vectors",), [5] * 9, "support_vectors"),
        (("config", "C"), 3.0, "config is"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_what_the_record_of_an_svm_cannot_hold_is_named(found, svm, path, value, fault):
    assert any(fault in line for line in found(edit(svm, *path, to=value)))


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (
            ("validation", "balanced_accuracy"),
            0.5,
            "validation.balanced_accuracy is 0.5, but 6 mis",
        ),
        (("train_accuracy",), 0.999, "train_accuracy is 0.999, which is no share of 120 images"),
        (("config", "scaling"), "minmax", "config is"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_what_the_record_of_a_baseline_cannot_hold_is_named(found, baseline, path, value, fault):
    assert any(fault in line for line in found(edit(baseline, *path, to=value)))


@pytest.mark.parametrize("split", ["test", "validation"])
def test_misclassified_images_are_those_of_their_split_each_once_with_a_wrong_class(
    found, svm, splits, images, split
):
    index, predicted = (getattr(getattr(svm, split).misclassified, name) for name in ("index", "predicted"))

    def said(name, to):
        return "\n".join(found(edit(svm, split, "misclassified", name, to=to)))

    foreign = [*index[:-1], int(splits.train.min())]
    assert f"{split}.misclassified.index holds 1 image, such as" in said("index", sorted(foreign))
    assert "does not rise" in said("index", index[::-1])
    assert "does not rise" in said("index", [index[0], *index[:-1]])
    assert "true class" in said("predicted", [int(images.labels[index[0]]), *predicted[1:]])
    assert "holds 900, where there are 10 classes" in said("predicted", [900, *predicted[1:]])
    assert "outside of the split" in said("index", [*index[:-1], 10**9])


def test_a_network_has_the_parameters_that_torchvision_gives_it(network):
    assert NETWORKS.real_size(network, DECLARED["mnist"]) == network.parameters > 11_000_000
