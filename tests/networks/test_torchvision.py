from __future__ import annotations

import pytest
import torch
from torch import nn

from gridpress.networks.torchvision import build, parameter_count


@pytest.mark.parametrize(
    ("name", "parameters"), [("resnet18", 11181642), ("resnet34", 21289802), ("resnet50", 23528522)]
)
def test_parameters_with_ten_classes_and_three_channels(name, parameters):
    assert parameter_count(build(name, channels=3, classes=10, seed=0)) == parameters


def test_one_channel_shrinks_the_first_convolution_alone():
    assert parameter_count(build("resnet18", channels=1, classes=10, seed=0)) == 11181642 - 2 * 64 * 7 * 7


def test_weights_depend_on_the_seed_and_on_nothing_drawn_before():
    first = build("resnet18", 1, 10, seed=3).state_dict()
    torch.rand(5)
    again, other = (
        build("resnet18", 1, 10, seed=3).state_dict(),
        build("resnet18", 1, 10, seed=4).state_dict(),
    )
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["conv1.weight"], other["conv1.weight"])


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v3_small", "vgg11_bn", "densenet121"])
def test_any_network_takes_grey_images_and_gives_a_logit_per_class(name):
    model = build(name, channels=1, classes=7, seed=0).eval()
    with torch.inference_mode():
        assert model(torch.zeros(2, 1, 32, 32)).shape == (2, 7)
    first = next(module for module in model.modules() if isinstance(module, nn.Conv2d))
    like = next(module for module in build(name, 3, 7, 0).modules() if isinstance(module, nn.Conv2d))
    assert (first.kernel_size, first.stride, first.padding) == (like.kernel_size, like.stride, like.padding)
    assert (first.bias is None) == (like.bias is None)
