from __future__ import annotations

import copy

import pytest
import torch
from torch.nn import functional

from gridpress.networks.torchvision import build, keep_live_taps, parameter_count


@pytest.mark.parametrize(
    ("name", "parameters"), [("resnet18", 11181642), ("resnet34", 21289802), ("resnet50", 23528522)]
)
def test_parameters_with_ten_classes_and_three_channels(name, parameters):
    assert parameter_count(build(name, channels=3, seed=0)) == parameters


def test_one_channel_shrinks_the_first_convolution_alone():
    assert parameter_count(build("resnet18", channels=1, seed=0)) == 11181642 - 2 * 64 * 7 * 7


def test_weights_depend_on_the_seed_and_on_nothing_drawn_before():
    first = build("resnet18", 1, seed=3).state_dict()
    torch.rand(5)
    again, other = build("resnet18", 1, seed=3).state_dict(), build("resnet18", 1, seed=4).state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["conv1.weight"], other["conv1.weight"])


@pytest.mark.parametrize("name", ["resnet18", "resnet50"])
def test_at_28_px_the_last_stage_keeps_one_tap_of_nine(name):
    full, live = build(name, 1, 0), keep_live_taps(build(name, 1, 0), 1, 28)
    assert live.layer4[1].conv2.weight.shape[2:] == (1, 1)
    assert live.layer3[1].conv2.weight.shape[2:] == (3, 3)
    ratio = parameter_count(live) / parameter_count(full)
    assert ratio == pytest.approx({"resnet18": 0.37, "resnet50": 0.76}[name], abs=0.01)


def test_at_224_px_every_tap_is_live():
    model = build("resnet18", 3, 0)
    before = parameter_count(model)
    assert parameter_count(keep_live_taps(model, 3, 224)) == before


def test_dead_taps_have_no_gradient_and_live_ones_the_same():
    full = build("resnet18", 1, 0).double()
    live = keep_live_taps(build("resnet18", 1, 0), 1, 28).double()
    images = torch.rand(4, 1, 28, 28, dtype=torch.float64)
    labels = torch.tensor([0, 1, 2, 3])
    for model in (full, live):
        functional.cross_entropy(model(images), labels).backward()
    shrunk = 0
    for (name, whole), (_, part) in zip(full.named_parameters(), live.named_parameters(), strict=True):
        if whole.shape == part.shape:
            assert torch.allclose(whole.grad, part.grad, rtol=1e-9, atol=1e-12), name
            continue
        shrunk += 1
        rows, columns = part.shape[2:]
        top, left = (0, 0) if (rows, columns) == (3, 3) else (1, 1)
        assert torch.allclose(
            whole.grad[:, :, top : top + rows, left : left + columns], part.grad, rtol=1e-9, atol=1e-12
        ), name
        rest = whole.grad.clone()
        rest[:, :, top : top + rows, left : left + columns] = 0
        assert not rest.any(), name
    assert shrunk == 4


@pytest.mark.parametrize("optimizer", [torch.optim.SGD, torch.optim.Adam])
def test_training_without_dead_taps_is_the_same_training(optimizer):
    """Float64, twelve steps: in exact arithmetic the two networks are one."""
    full = build("resnet18", 1, 0).double()
    live = keep_live_taps(copy.deepcopy(full).float(), 1, 28).double()
    generator = torch.Generator().manual_seed(5)
    losses = []
    for model in (full, live):
        generator.manual_seed(5)
        steps = optimizer(model.parameters(), lr=0.001)
        for _ in range(12):
            images = torch.rand(8, 1, 28, 28, dtype=torch.float64, generator=generator)
            loss = functional.cross_entropy(model(images), torch.arange(8))
            steps.zero_grad()
            loss.backward()
            steps.step()
            losses.append(loss.item())
    assert losses[:12] == pytest.approx(losses[12:], rel=1e-9)
    assert losses[0] != losses[11]
