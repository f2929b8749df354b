from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from conftest import DECLARED
from gridpress.config.params import parse_params
from gridpress.study.grid import train_runs
from gridpress.training.convolutions import ProductConv2d, products_pay
from gridpress.training.loop import Session


@pytest.fixture
def start(smoke, made_up):
    """Begins a run under changed settings: names of the grid's axes or of train's own keys."""

    def begin(optimizer="sgd", **changes):
        grid = smoke["train"]["grid"] | {"optimizer": [optimizer]}
        grid |= {key: [value] for key, value in changes.items() if key in grid}
        settings = {key: value for key, value in changes.items() if key not in grid}
        params = parse_params(smoke | {"train": smoke["train"] | settings | {"grid": grid}}, DECLARED)
        run = next(iter(train_runs(params).values()))
        return Session(run, params.train, getattr(params.optimizers, optimizer), *made_up)

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
    assert run.progress.milestones[-1]["test_accuracy"] > 0.5


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_run_resumed_from_a_checkpoint_ends_as_an_undisturbed_one(start, optimizer, precision):
    undisturbed = complete(start(optimizer, precision=precision, epochs=3))
    first = start(optimizer, precision=precision, epochs=3)
    first.train_epoch(lambda: None)
    second = start(optimizer, precision=precision, epochs=3)
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
    assert milestone["validation_accuracy"] == last["validation_accuracy"]


def test_misclassified_images_are_what_the_accuracy_counts(start, made_up):
    images, splits = made_up
    milestone = complete(start(learning_rate=0.0001)).progress.milestones[-1]
    index, predicted = (
        np.array(milestone["misclassified"][key], dtype=int) for key in ("index", "predicted")
    )
    assert milestone["test_accuracy"] == (len(splits.test) - len(index)) / len(splits.test)
    assert set(index) <= set(splits.test.tolist())
    assert list(index) == sorted(index)
    assert (images.labels[index] != predicted).all()


def test_test_labels_influence_neither_training_nor_validation(start, made_up):
    images, splits = made_up
    labels = images.labels.copy()
    labels[splits.test] = labels[splits.test][::-1]
    honest, blind = start(), start()
    blind.labels = torch.from_numpy(labels).long()
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
    assert results(complete(start(data_memory=data_memory))) == results(complete(start()))


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
