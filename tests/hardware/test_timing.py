from __future__ import annotations

import gc

import pytest
import torch

from gridpress.hardware.cases import grid
from gridpress.hardware.timing import no_garbage_collection, orders, time_cases
from gridpress.hardware.workload import Workshop


def test_every_round_holds_every_case_once_in_an_order_of_its_own():
    rounds = list(orders(20, 6, seed=0))
    assert all(sorted(order) == list(range(20)) for order in rounds)
    assert len({tuple(order) for order in rounds}) == 6


def test_the_order_comes_from_the_seed():
    assert list(orders(20, 3, seed=1)) == list(orders(20, 3, seed=1))
    assert list(orders(20, 3, seed=1)) != list(orders(20, 3, seed=2))


def test_cases_are_interleaved_after_the_warm_up(bench, monkeypatch):
    here = bench(optimizers=["sgd", "adam"], warmup_steps=2, settle_steps=1, block_steps=2, blocks=5)
    cases = grid(here.settings, here.targets)
    done = []

    def recorded(workshop, case):
        step = original(workshop, case)
        return type(step)(lambda: done.append(case), step.model, step.training, step.device, step.threads)

    original = Workshop.step
    monkeypatch.setattr(Workshop, "step", recorded)
    blocks, rounds = [], []
    seconds = time_cases(
        here, cases, lambda case, steps: blocks.append((case, steps)), lambda: rounds.append(1)
    )
    assert [steps for _, steps in blocks] == [2] * 3 + [3] * 15
    assert set(done[:6]) == set(cases)
    for number in range(5):
        one_round = done[6 + 9 * number : 15 + 9 * number]
        assert sorted(one_round, key=str) == sorted(cases * 3, key=str)
    assert len(rounds) == 5
    assert all(len(values) == 5 for values in seconds.values())


def test_a_real_step_takes_time_and_trains(bench):
    here = bench(blocks=5)
    cases = grid(here.settings, here.targets)
    seconds = time_cases(here, cases, lambda *_: None, lambda: None)
    assert all(value > 0 for values in seconds.values() for value in values)


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


def test_the_collector_is_back_afterwards():
    with no_garbage_collection():
        assert not gc.isenabled()
    assert gc.isenabled()
