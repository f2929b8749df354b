from __future__ import annotations

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional

from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.build import build
from gridpress.training.taps import keep_live_taps


def made(name, channels, side=28):
    return build(Architecture(name, channels, 10, side), seed=0)


def parameter_count(model):
    return sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.parametrize("name", ["resnet18", "resnet50"])
def test_at_28_px_the_last_stage_keeps_one_tap_of_nine(name):
    full, live = made(name, 1), keep_live_taps(made(name, 1), 1, 28)
    assert live.layer4[1].conv2.weight.shape[2:] == (1, 1)
    assert live.layer3[1].conv2.weight.shape[2:] == (3, 3)
    ratio = parameter_count(live) / parameter_count(full)
    assert ratio == pytest.approx({"resnet18": 0.37, "resnet50": 0.76}[name], abs=0.01)


def test_at_224_px_every_tap_is_live():
    model = made("resnet18", 3)
    before = parameter_count(model)
    assert parameter_count(keep_live_taps(model, 3, 224)) == before


def test_dead_taps_have_no_gradient_and_live_ones_the_same():
    full = made("resnet18", 1).double()
    live = keep_live_taps(made("resnet18", 1), 1, 28).double()
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
    full = made("resnet18", 1).double()
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


class Plain(nn.Module):
    """One convolution between two, so that its gradient takes part, over maps of 3x3 pixels."""

    def __init__(self, **settings):
        super().__init__()
        self.first = nn.Conv2d(1, 4, kernel_size=1)
        self.conv = nn.Conv2d(4, 4, **{"kernel_size": 7, "padding": 3, **settings})
        self.last = nn.Linear(4, 5)

    def forward(self, images):
        return self.last(self.conv(self.first(images)).relu().mean(dim=(2, 3)))


KINDS = {
    "plain": {},
    "groups": {"groups": 2},
    "depthwise": {"groups": 4},
    "strided": {"stride": 2},
    "dilated": {"dilation": 2, "padding": 6},
    "other padding": {"padding_mode": "reflect", "kernel_size": 5, "padding": 2},
    "same padding": {"padding": "same"},
    "not square": {"kernel_size": (7, 3), "padding": (3, 1)},
}
SHRINKING = {"plain", "groups", "depthwise", "strided", "not square"}


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_the_convolution_training_is_that_of_the_plain_network(kind):
    """Float64, five steps of SGD and Adam: the kernel shrinks and changes nothing, or stays as it is."""
    torch.manual_seed(2)
    full = Plain(**KINDS[kind]).double()
    images = torch.rand(6, 1, 3, 3, dtype=torch.float64)
    for optimizer in (torch.optim.SGD, torch.optim.Adam):
        live = keep_live_taps(copy.deepcopy(full).float(), 1, 3).double()
        live.load_state_dict(copy.deepcopy(live.state_dict()))
        plain = copy.deepcopy(full).float().double()
        losses = []
        for model in (plain, live):
            steps = optimizer(model.parameters(), lr=0.05)
            for _ in range(5):
                loss = functional.cross_entropy(model(images), torch.arange(6) % 5)
                steps.zero_grad()
                loss.backward()
                steps.step()
                losses.append(loss.item())
        assert losses[:5] == pytest.approx(losses[5:], rel=1e-9)
        assert losses[0] != losses[4]
    assert (live.conv.weight.shape != full.conv.weight.shape) is (kind in SHRINKING)


def test_a_convolution_of_several_sizes_and_shared_weights_keep_their_kernels():
    class Several(nn.Module):
        def __init__(self):
            super().__init__()
            self.twice = nn.Conv2d(1, 1, kernel_size=5, padding=2)
            self.one, self.other = (nn.Conv2d(1, 1, kernel_size=5, padding=2) for _ in range(2))
            self.other.weight = self.one.weight

        def forward(self, images):
            small = images[:, :, :1, :1]
            return self.twice(images).sum() + self.twice(small).sum() + self.one(small) + self.other(small)

    model = keep_live_taps(Several(), 1, 4)
    assert {tuple(conv.weight.shape[2:]) for conv in model.children()} == {(5, 5)}


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("mobilenet_v3_small", 28),  # depthwise, squeeze and excitation
        ("vgg11_bn", 32),
        ("resnext50_32x4d", 28),  # groups
        ("shufflenet_v2_x0_5", 28),
        ("densenet121", 32),
        ("efficientnet_b0", 28),
        ("regnet_x_400mf", 28),
        ("resnet20", 8),
        ("small_cnn", 8),
        ("lenet5", 28),
    ],
)
def test_every_network_computes_the_same_without_dead_taps(name, size):
    full, live = (
        made(name, 1, size).double().eval(),
        keep_live_taps(made(name, 1, size), 1, size).double().eval(),
    )
    images = torch.rand(2, 1, size, size, dtype=torch.float64)
    with torch.inference_mode():
        assert torch.allclose(full(images), live(images), rtol=1e-9, atol=1e-12)
