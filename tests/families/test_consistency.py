from __future__ import annotations

import re

import pytest

from checks.verify.conftest import edit
from conftest import DECLARED
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


def test_records_as_they_should_be_have_no_fault(found, network, svm):
    assert found(network) == []
    assert found(svm) == []


def test_a_run_that_diverged_has_no_fault(found, network):
    content = network.model_dump() | {"diverged_at_epoch": 2}
    content |= {"history": content["history"][:1], "milestones": content["milestones"][:1]}
    assert found(type(network).model_validate(content)) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("milestones", 1, "test_accuracy"), 0.95, "milestones, epoch 2: test_accuracy is 0.95, but 6 mis"),
        (("milestones", 0, "validation_accuracy"), 1.0, "epoch 1: validation_accuracy is 1.0, in history it"),
        (("milestones", 1, "epoch"), 1, r"milestones holds the epochs \[1, 1\], not \[1, 2\]"),
        (("history", 1, "validation_accuracy"), 0.91, "validation_accuracy is 0.91, which is no share of 60"),
        (("history", 0, "epoch"), 2, "history holds the epochs"),
        (("history", 0, "loss"), -0.1, "loss is -0.1"),
        (("diverged_at_epoch",), 2, "history holds the epochs"),
        (("epochs",), 9, "epochs is 9, params.yaml asks for 2"),
        (("seed",), 7, "seed is 7, params.yaml asks for 0"),
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
        (("test_accuracy",), 0.95, "test_accuracy is 0.95, but 6 misclassified of 60 images give 0.9"),
        (("train_accuracy",), 0.999, "train_accuracy is 0.999, which is no share of 120 images"),
        (("support_vectors",), [500] * 10, "support_vectors"),
        (("support_vectors",), [5] * 9, "support_vectors"),
        (("config", "C"), 3.0, "config is"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_what_the_record_of_an_svm_cannot_hold_is_named(found, svm, path, value, fault):
    assert any(fault in line for line in found(edit(svm, *path, to=value)))


def test_misclassified_images_are_test_images_each_once_with_a_wrong_class(found, svm, splits, images):
    index, predicted = svm.misclassified.index, svm.misclassified.predicted
    foreign = [*index[:-1], int(splits.train.min())]
    assert any("outside the test images" in line for line in found(edited(svm, sorted(foreign))))
    assert any("does not rise" in line for line in found(edited(svm, index[::-1])))
    assert any("does not rise" in line for line in found(edited(svm, [index[0], *index[:-1]])))
    true = [int(images.labels[index[0]]), *predicted[1:]]
    assert any("true class" in line for line in found(edit(svm, "misclassified", "predicted", to=true)))
    assert any("outside" in line for line in found(edited(svm, [*index[:-1], 10**9])))


def edited(svm, index):
    return edit(svm, "misclassified", "index", to=index)


def test_a_network_has_the_parameters_that_torchvision_gives_it(network):
    assert NETWORKS.real_size(network, DECLARED["mnist"]) == network.parameters > 11_000_000
