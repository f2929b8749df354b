from __future__ import annotations

import pytest
import torch
from torch import nn

from gridpress.networks.torchvision import first_convolution, make, take_small_stem


def test_one_channel_shrinks_the_first_convolution_alone():
    one, three = (
        sum(parameter.numel() for parameter in make("resnet18", channels, 10, 28).parameters())
        for channels in (1, 3)
    )
    assert one == three - 2 * 64 * 7 * 7


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v3_small", "vgg11_bn", "densenet121"])
def test_any_network_takes_grey_images_and_gives_a_logit_per_class(name):
    model = make(name, channels=1, classes=7, image_size=32).eval()
    with torch.inference_mode():
        assert model(torch.zeros(2, 1, 32, 32)).shape == (2, 7)
    (_, first), (_, like) = first_convolution(model), first_convolution(make(name, 3, 7, 32))
    assert (first.kernel_size, first.stride, first.padding) == (like.kernel_size, like.stride, like.padding)
    assert (first.bias is None) == (like.bias is None)


@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_auxiliary_outputs_are_switched_off(name):
    side = 96
    assert make(name, 3, 5, side).train()(torch.zeros(2, 3, side, side)).shape == (2, 5)


@pytest.mark.parametrize(("name", "side"), [("vit_b_32", 64), ("maxvit_t", 224)])
def test_a_transformer_is_made_for_the_size_of_its_images(name, side):
    with torch.device("meta"):
        assert make(name, 3, 5, side)(torch.zeros(2, 3, side, side)).shape == (2, 5)


@pytest.mark.parametrize(
    ("name", "side"),
    [("resnet18", 28), ("densenet121", 32), ("shufflenet_v2_x0_5", 28), ("mobilenet_v2", 28)],
)
def test_a_small_stem_keeps_the_size_of_the_image(name, side):
    sizes = []
    model = take_small_stem(make(name, 3, 10, side)).eval()
    convolutions = [module for module in model.modules() if isinstance(module, nn.Conv2d)]
    convolutions[1].register_forward_pre_hook(lambda _, inputs: sizes.append(inputs[0].shape[2:]))
    with torch.inference_mode():
        assert model(torch.zeros(2, 3, side, side)).shape == (2, 10)
    assert sizes == [(side, side)]
    assert (convolutions[0].kernel_size, convolutions[0].stride) == ((3, 3), (1, 1))
