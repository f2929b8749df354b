from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.nn import functional

from gridpress.benchmark.cases import grid
from gridpress.benchmark.workload import Update, Workshop
from gridpress.errors import GridpressError
from gridpress.training.devices import autocast
from gridpress.training.optimizers import make_optimizer

FAR_TOO_HIGH = 2.0**30


@pytest.fixture
def training(bench, target):
    """The training step of the smallest bench in a precision, with an optimizer."""

    def make(precision: str, optimizer: str = "sgd"):
        here = bench(targets={"one": target(precision=precision).model_dump()}, optimizers=[optimizer])
        return Workshop(here).step(grid(here.settings, here.targets)[0])

    return make


@pytest.fixture
def small(optimizers):
    """A network of one layer in fp16 whose gradients overflow at first."""

    def make(optimizer: str) -> tuple[nn.Linear, Update, Callable[[], None]]:
        layer = nn.Linear(8, 3)
        images, labels = torch.eye(8), torch.arange(8) % 3
        scaler = torch.amp.GradScaler("cpu", init_scale=FAR_TOO_HIGH)

        def loss() -> torch.Tensor:
            with autocast(torch.device("cpu"), "fp16"):
                return functional.cross_entropy(layer(images), labels)

        def step() -> None:
            scaler.scale(loss()).backward()
            scaler.step(update.optimizer)
            scaler.update()
            update.optimizer.zero_grad(set_to_none=True)

        update = Update(make_optimizer(layer, getattr(optimizers, optimizer), 0.1), scaler, loss)
        return layer, update, step

    return make


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_no_step_is_skipped_once_the_gradient_scale_is_settled(small, optimizer):
    layer, update, step = small(optimizer)
    before = layer.weight.detach().clone()
    update.settle()
    assert torch.equal(layer.weight, before)
    assert not update.optimizer.state
    settled = update.scaler.get_scale()
    assert 0 < settled < FAR_TOO_HIGH
    for _ in range(5):
        before = layer.weight.detach().clone()
        step()
        assert 0 < (layer.weight - before).abs().max() < 1
    assert update.scaler.get_scale() == settled


def test_weights_without_finite_gradients_are_an_error_with_a_remedy(small):
    layer, update, _ = small("sgd")
    with torch.no_grad():
        layer.weight.fill_(torch.nan)
    with pytest.raises(GridpressError, match=r"a lower hardware\.measure\.learning_rate"):
        update.settle()


def test_settling_takes_no_batch_and_no_other_precision_settles(training):
    losses = {}
    for precision in ("fp32", "fp16"):
        step = training(precision)
        step.prepare()
        step.prepare()
        losses[precision] = float(step.run())
    assert losses["fp16"] == pytest.approx(losses["fp32"], rel=0.1)
    assert training("fp16").update.scaler.is_enabled()
    assert not training("bf16").update.scaler.is_enabled()


def weights(step):
    return [parameter.detach().clone() for parameter in step.model.parameters()]


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_step_that_is_left_holds_no_optimizer_states_and_goes_on(training, optimizer):
    step = training("fp32", optimizer)
    step.prepare()
    step.run()
    assert len(step.update.optimizer.state) == len(list(step.model.parameters()))
    step.leave()
    assert not step.update.optimizer.state
    before = weights(step)
    step.prepare()
    assert step.run().isfinite()
    assert not torch.equal(before[0], weights(step)[0])


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_training_moves_the_weights_and_inference_does_not(bench, target, precision):
    here = bench(targets={"one": target(precision=precision).model_dump()})
    workshop = Workshop(here)
    training, inference = (workshop.step(case) for case in grid(here.settings, here.targets))
    assert training.model is inference.model
    weight = training.model.get_parameter("fc.weight")
    before = weight.detach().clone()
    inference.prepare()
    assert inference.run().shape == (2, 10)
    assert torch.equal(weight, before)
    training.prepare()
    assert training.run().isfinite()
    assert not torch.equal(weight, before)
    assert all(parameter.grad is None for parameter in training.model.parameters())


def test_layouts_have_networks_of_their_own_and_optimizers_share_one(bench, target):
    both = {
        "one": target().model_dump(),
        "last": target(memory_format="channels_last").model_dump(),
        "bf16": target(precision="bf16").model_dump(),
    }
    here = bench(targets=both, optimizers=["sgd", "adam"])
    workshop = Workshop(here)
    models = {case: workshop.step(case).model for case in grid(here.settings, here.targets)}
    assert len({id(model) for model in models.values()}) == 2
    last = next(model for case, model in models.items() if case.target == "last")
    assert last.get_parameter("layer1.0.conv1.weight").is_contiguous(memory_format=torch.channels_last)


def test_batches_follow_each_other(bench):
    here = bench(batch_sizes=[100])
    step = Workshop(here).step(grid(here.settings, here.targets)[-1])
    step.prepare()
    first, second, third = step.run(), step.run(), step.run()
    assert not torch.equal(first, second)
    assert torch.equal(first, third)  # 240 images hold two batches of 100
