from __future__ import annotations

import pytest
import torch
from torch import nn

from gridpress.benchmark.flops import fvcore_flops, network_cost, thop_flops, torch_flops
from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.build import build


@pytest.mark.parametrize(
    ("name", "parameters", "fvcore", "thop"),
    [
        ("resnet18", 11181642, 1818558976, 1813566464 + 4 * 2483712),
        ("resnet34", 21289802, 3670755840, None),
        ("resnet50", 23528522, 4109485056, 4087156736 + 4 * 11113984),
    ],
)
def test_figures_at_224_px_are_those_of_studies_a_and_d(name, parameters, fvcore, thop):
    cost = network_cost(Architecture(name, channels=3, classes=10, image_size=224))
    assert cost.parameters == parameters
    assert cost.flops_fvcore == fvcore
    if thop is not None:
        assert cost.flops_thop == thop


def test_thop_figures_round_to_what_study_d_prints():
    printed = {"resnet18": "1.824", "resnet50": "4.132"}
    for name, giga in printed.items():
        assert f"{network_cost(Architecture(name, 3, 10, 224)).flops_thop / 1e9:.3f}" == giga


@pytest.mark.parametrize(
    ("name", "flops"), [("resnet18", 296101888), ("resnet34", 598091776), ("resnet50", 667328512)]
)
def test_torch_figures_at_64_px_are_those_of_study_b(name, flops):
    assert network_cost(Architecture(name, channels=3, classes=10, image_size=64)).flops_torch == flops


def test_grey_input_saves_two_thirds_of_the_first_convolution():
    colour = network_cost(Architecture("resnet18", channels=3, classes=10, image_size=28))
    grey = network_cost(Architecture("resnet18", channels=1, classes=10, image_size=28))
    first = 64 * 7 * 7  # per channel
    assert colour.parameters - grey.parameters == 2 * first
    assert colour.flops_torch - grey.flops_torch == 2 * 2 * first * 14 * 14


def test_conventions_on_one_layer_each():
    images = torch.zeros(2, 3, 5, 5)
    conv = nn.Conv2d(3, 4, 3, padding=1, bias=False)
    multiply_adds = 2 * 4 * 5 * 5 * 3 * 3 * 3
    assert fvcore_flops(conv, images) == thop_flops(conv, images) == multiply_adds
    assert torch_flops(conv, images) == 2 * multiply_adds
    norm = nn.BatchNorm2d(3)
    assert thop_flops(norm, images) == 4 * images.numel()
    assert torch_flops(norm, images) == 0


def test_counting_leaves_the_network_as_it_was():
    model = build(Architecture("resnet18", 1, 10, 28), seed=0).train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    for count in (fvcore_flops, torch_flops, thop_flops):
        count(model, torch.ones(2, 1, 28, 28))
    assert model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not any(layer._forward_hooks for layer in model.modules())
