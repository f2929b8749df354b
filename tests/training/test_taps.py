from __future__ import annotations

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional

from gridpress.networks.torchvision import build, parameter_count
from gridpress.training.taps import keep_live_taps


@pytest.mark.parametrize("name", ["resnet18", "resnet50"])
def test_at_28_px_the_last_stage_keeps_one_tap_of_nine(name):
    full, live = build(name, 1, 10, 0), keep_live_taps(build(name, 1, 10, 0), 1, 28)
    assert live.layer4[1].conv2.weight.shape[2:] == (1, 1)
    assert live.layer3[1].conv2.weight.shape[2:] == (3, 3)
    ratio = parameter_count(live) / parameter_count(full)
    assert ratio == pytest.approx({"resnet18": 0.37, "resnet50": 0.76}[name], abs=0.01)


def test_at_224_px_every_tap_is_live():
    model = build("resnet18", 3, 10, 0)
    before = parameter_count(model)
    assert parameter_count(keep_live_taps(model, 3, 224)) == before


def test_dead_taps_have_no_gradient_and_live_ones_the_same():
    full = build("resnet18", 1, 10, 0).double()
    live = keep_live_taps(build("resnet18", 1, 10, 0), 1, 28).double()
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
    full = build("resnet18", 1, 10, 0).double()
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


def test_a_dilated_convolution_keeps_its_kernel():
    model = nn.Sequential(nn.Conv2d(1, 2, kernel_size=3, padding=2, dilation=2))
    before = [parameter.clone() for parameter in model.parameters()]
    keep_live_taps(model, 1, 8)
    assert all(torch.equal(*pair) for pair in zip(before, model.parameters(), strict=True))


@pytest.mark.parametrize(("name", "size"), [("mobilenet_v3_small", 28), ("vgg11_bn", 32)])
def test_other_networks_compute_the_same_without_dead_taps(name, size):
    full = build(name, 1, 10, 0).double().eval()
    live = keep_live_taps(build(name, 1, 10, 0), 1, size).double().eval()
    images = torch.rand(2, 1, size, size, dtype=torch.float64)
    with torch.inference_mode():
        assert torch.allclose(full(images), live(images), rtol=1e-9, atol=1e-12)
