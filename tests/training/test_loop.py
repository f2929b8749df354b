from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.errors import InputError
from gridpress.study.grid import train_runs
from gridpress.training.convolutions import ProductConv2d, products_pay
from gridpress.training.loop import Session
from gridpress.training.setup import Setup


@pytest.fixture
def start(smoke, made_up):
    """Begins a run under changed settings: of axes of the grid, of train's own keys, or of the recipe."""

    def begin(optimizer="sgd", splits=None, **changes):
        grid = smoke["train"]["grid"] | {"optimizer": [optimizer]}
        grid |= {key: [value] for key, value in changes.items() if key in grid}
        recipe = dict(smoke["recipes"]["default"])
        recipe |= {key: value for key, value in changes.items() if key in recipe}
        settings = {key: value for key, value in changes.items() if key not in grid | recipe}
        train = smoke["train"] | settings | {"grid": grid}
        params = parse_params(smoke | {"train": train, "recipes": {"default": recipe}}, DECLARED)
        run = next(iter(train_runs(params).values()))
        return Session(Setup.of(run, params), made_up[0], splits or made_up[1])

    return begin


def complete(run):
    while not run.finished:
        run.train_epoch(lambda: None)
    return run


def results(run):
    return run.progress.history, run.progress.milestones, run.progress.diverged_at_epoch


def test_the_same_seed_twice_gives_the_same_results(start):
    assert results(complete(start())) == results(complete(start()))


def test_another_seed_gives_other_results(start):
    assert results(complete(start(seed=1))) != results(complete(start()))


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_it_learns(start, optimizer):
    run = complete(start(optimizer, epochs=4, batch_size=8, learning_rate=0.001, milestones=[4]))
    losses = [epoch["loss"] for epoch in run.progress.history]
    assert losses[-1] < losses[0]
    assert run.progress.milestones[-1]["test"]["accuracy"] > 0.5


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize(
    "network",
    # many processors compute bf16 by emulation, a ResNet for minutes
    [{"precision": "fp32", "model": "resnet18"}, {"precision": "bf16", "model": "small_cnn"}],
    ids=["fp32", "bf16"],
)
def test_a_run_resumed_from_a_checkpoint_ends_as_an_undisturbed_one(start, optimizer, network):
    undisturbed = complete(start(optimizer, epochs=3, **network))
    first = start(optimizer, epochs=3, **network)
    first.train_epoch(lambda: None)
    second = start(optimizer, epochs=3, **network)
    second.resume(first.state())
    assert len(second.progress.history) == 1
    complete(second)
    assert results(second) == results(undisturbed)
    assert second.progress.resumed_at_epoch == 2
    for name, weights in undisturbed.model.state_dict().items():
        assert torch.equal(weights, second.model.state_dict()[name]), name


def test_accuracies_are_taken_at_every_epoch_and_test_accuracy_at_milestones(start):
    run = complete(start(epochs=3, milestones=[1, 3]))
    assert [epoch["epoch"] for epoch in run.progress.history] == [1, 2, 3]
    assert [milestone["epoch"] for milestone in run.progress.milestones] == [1, 3]
    last, milestone = run.progress.history[-1], run.progress.milestones[-1]
    assert milestone["validation"]["accuracy"] == last["validation_accuracy"]
    assert milestone["validation"]["log_loss"] == last["validation_log_loss"]


@pytest.mark.parametrize("split", ["validation", "test"])
def test_misclassified_images_are_what_the_accuracy_counts(start, made_up, split):
    images, splits = made_up
    found = complete(start(learning_rate=0.0001)).progress.milestones[-1][split]
    index, predicted = (np.array(found["misclassified"][key], dtype=int) for key in ("index", "predicted"))
    there = getattr(splits, split)
    assert found["accuracy"] == (len(there) - len(index)) / len(there)
    assert set(index) <= set(there.tolist())
    assert list(index) == sorted(index)
    assert (images.labels[index] != predicted).all()


def test_test_labels_influence_neither_training_nor_validation(start, made_up):
    images, splits = made_up
    labels = images.labels.copy()
    labels[splits.test] = labels[splits.test][::-1]
    honest, blind = start(), start()
    blind.labels, blind.truth = torch.from_numpy(labels).long(), labels
    assert complete(honest).progress.history == complete(blind).progress.history
    assert honest.progress.milestones != blind.progress.milestones


def test_a_loss_that_is_not_finite_ends_the_run_at_its_epoch(start):
    run = complete(start(learning_rate=1e30, epochs=3))
    assert run.progress.diverged_at_epoch in (1, 2)
    assert len(run.progress.history) == run.progress.diverged_at_epoch - 1


def test_every_image_is_seen_once_an_epoch_in_another_order(start):
    run = start(batch_size=32)
    first, second = (torch.cat(run._batches(epoch)).tolist() for epoch in (1, 2))
    assert sorted(first) == sorted(second) == sorted(run.splits.train.tolist())
    assert first != second
    assert run.steps_per_epoch == 4


def test_a_last_batch_of_one_image_is_left_out(start):
    run = start(batch_size=17)
    run.splits = dataclasses.replace(run.splits, train=run.splits.train[:35])
    assert [len(batch) for batch in run._batches(1)] == [17, 17]


def test_weight_decay_keeps_the_full_kernels(smoke, start):
    smoke["optimizers"]["sgd"]["weight_decay"] = 0.01
    assert start().model.layer4[1].conv2.weight.shape[2:] == (3, 3)


@pytest.mark.parametrize("data_memory", ["pageable", "pinned"])
def test_where_the_images_lie_changes_no_result(start, data_memory):
    elsewhere = start(data_memory=data_memory, seeds="shared")
    assert results(complete(elsewhere)) == results(complete(start(seeds="shared")))


@pytest.mark.parametrize("size", [28, 64, 224])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_weights_and_images_lie_in_the_same_layout(start, size, precision):
    run = start(image_size=size, precision=precision)
    products = [module for module in run.model.modules() if isinstance(module, ProductConv2d)]
    assert bool(products) == products_pay("cpu", size, precision)
    layout = torch.channels_last if products or size == 224 else torch.contiguous_format
    assert run.model.layer1[0].conv1.weight.is_contiguous(memory_format=layout)
    assert run.pipeline(run.pixels[:4]).is_contiguous(memory_format=layout)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_updates_are_fused_but_where_half_precision_may_skip_the_first(start, optimizer):
    assert start(optimizer, precision="fp32").optimizer.defaults["fused"] is True
    assert start(optimizer, precision="fp16").optimizer.defaults["fused"] is False


def test_configurations_share_neither_weights_nor_order(start):
    one, other = start(learning_rate=0.001), start(learning_rate=0.002)
    assert not torch.equal(one.model.conv1.weight, other.model.conv1.weight)
    assert torch.cat(one._batches(1)).tolist() != torch.cat(other._batches(1)).tolist()


def test_with_shared_seeds_they_share_both(start):
    one, other = (start(learning_rate=rate, seeds="shared") for rate in (0.001, 0.002))
    assert torch.equal(one.model.conv1.weight, other.model.conv1.weight)
    assert torch.cat(one._batches(1)).tolist() == torch.cat(other._batches(1)).tolist()


AUGMENTED = {"shift": 0.1, "flip": 0.5, "crop": 0.8, "cutout": 0.2}


@pytest.mark.parametrize("between", [False, True])
@pytest.mark.parametrize(
    "changes",
    [
        {"model": "mlp"},  # with dropout
        {"model": "small_cnn", "precision": "bf16"},
        {"model": "small_cnn", "augmentation": AUGMENTED},
        {"model": "small_cnn", "schedule": {"name": "cosine", "warmup": 0.2}, "label_smoothing": 0.1},
        {"model": "small_cnn", "early_stopping": {"metric": "log_loss", "patience": 1}},
    ],
    ids=["dropout", "bf16", "augmentation", "cosine", "early stopping"],
)
def test_after_a_kill_a_run_goes_on_as_if_nothing_had_happened(start, changes, between):
    """Whatever else the process computes between two epochs, as a worker of another run."""
    undisturbed = complete(start("adam", epochs=4, **changes))
    interrupted = start("adam", epochs=4, **changes)
    interrupted.train_epoch(lambda: None)
    if between:
        start("adam", epochs=1, model="mlp").train_epoch(lambda: None)
    again = start("adam", epochs=4, **changes)
    again.resume(interrupted.state())
    assert results(complete(again)) == results(undisturbed)
    assert again.stopped == undisturbed.stopped


def test_a_falling_learning_rate_is_set_before_every_step(start):
    falling = {"name": "step", "every": 1, "factor": 0.5}
    run = start(epochs=2, batch_size=60, learning_rate=0.1, schedule=falling)
    seen = []
    while not run.finished:
        run.train_epoch(lambda: seen.append(run.optimizer.param_groups[0]["lr"]))
    assert seen == [0.1, 0.1, 0.05, 0.05]


def test_milestones_are_tested_only_where_a_shorter_run_would_be_the_same(start):
    run = complete(start(epochs=3, milestones=[1, 2], schedule={"name": "cosine", "warmup": 0.0}))
    assert [milestone["epoch"] for milestone in run.progress.milestones] == [3]


def test_early_stopping_keeps_the_best_epoch_of_validation_and_tests_it(start):
    rule = {"metric": "accuracy", "patience": 2}
    run = complete(start("adam", epochs=30, batch_size=8, learning_rate=0.001, early_stopping=rule))
    accuracies = [epoch["validation_accuracy"] for epoch in run.progress.history]
    assert len(accuracies) < 30
    assert run.stopped == accuracies.index(max(accuracies)) + 1 == len(accuracies) - 2
    [kept] = run.progress.milestones
    assert kept["epoch"] == run.stopped
    assert kept["validation"]["accuracy"] == max(accuracies)


def test_balanced_classes_weigh_in_inverse_proportion_to_their_training_images(start, made_up):
    images, splits = made_up
    few = np.flatnonzero(images.labels[splits.train] == 3)[2:]  # leaves two of this class
    fewer = dataclasses.replace(splits, train=np.delete(splits.train, few))
    weights = start(splits=fewer, class_weight="balanced").class_weights.numpy()
    counts = np.bincount(images.labels[fewer.train])
    assert weights * counts == pytest.approx(np.full(10, counts.sum() / 10))
    assert start().class_weights is None


def test_a_class_without_a_training_image_has_no_weight(start, made_up):
    images, splits = made_up
    without = dataclasses.replace(splits, train=splits.train[images.labels[splits.train] != 3])
    run = start(splits=without, class_weight="balanced", label_smoothing=0.1)
    assert run.class_weights[3] == 0
    run.train_epoch(lambda: None)
    assert run.progress.history[0]["loss"] < 5


def test_logits_that_are_not_finite_end_the_run_as_a_loss_does(start):
    run = start("adam", model="small_cnn", epochs=2)
    run.model[1].running_var.fill_(float("nan"))
    run.train_epoch(lambda: None)
    assert run.progress.diverged_at_epoch == 1
    assert run.progress.history == run.progress.milestones == []


def test_a_network_that_takes_no_such_images_is_refused_before_anything_is_computed(start):
    with pytest.raises(InputError, match=r"alexnet cannot take images of 28 px .+; 64 px works"):
        start(model="alexnet")
