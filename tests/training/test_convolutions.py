from __future__ import annotations

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional

from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.build import build
from gridpress.training.convolutions import ProductConv2d, as_products, products_pay
from gridpress.training.taps import keep_live_taps

needs_onednn = pytest.mark.skipif(
    not torch.backends.mkldnn.is_available(), reason="this torch was built without oneDNN"
)

SHAPES = [
    # kernel, stride, padding, size of the map
    ((1, 1), 1, (0, 0), 4),
    ((1, 1), 2, (0, 0), 4),
    ((1, 1), 2, (0, 0), 1),
    ((3, 3), 1, (1, 1), 2),
    ((3, 3), 2, (1, 1), 4),
    ((3, 3), 1, (0, 0), 5),
    ((2, 3), 2, (0, 1), 5),
]


def made(name, side=28):
    return build(Architecture(name, 3, 10, side), seed=0)


def pair(kernel, stride, padding, dtype, channels=8):
    torch.manual_seed(0)
    plain = nn.Conv2d(channels, 6, kernel, stride, padding, bias=False, dtype=dtype)
    product = copy.deepcopy(plain)
    product.__class__ = ProductConv2d
    return plain, product


@pytest.mark.parametrize(("kernel", "stride", "padding", "size"), SHAPES)
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_maps_and_gradients_are_those_of_the_plain_convolution(kernel, stride, padding, size, layout):
    plain, product = pair(kernel, stride, padding, torch.float64)
    images = torch.randn(5, 8, size, size, dtype=torch.float64).to(memory_format=layout)
    gradients = []
    for conv in (plain, product):
        inputs = images.clone().requires_grad_()
        maps = conv(inputs)
        (maps * torch.arange(maps.numel(), dtype=torch.float64).view(maps.shape)).sum().backward()
        gradients.append((maps, inputs.grad, conv.weight.grad))
    for ours, theirs in zip(*reversed(gradients), strict=True):
        assert torch.allclose(ours, theirs, rtol=1e-12, atol=1e-9)


@needs_onednn
@pytest.mark.parametrize(("kernel", "stride", "padding", "size"), SHAPES)
def test_single_precision_differs_by_rounding_only(kernel, stride, padding, size):
    plain, product = pair(kernel, stride, padding, torch.float32, channels=256)
    images = torch.randn(5, 256, size, size).to(memory_format=torch.channels_last)
    for conv in (plain, product):
        conv(images).square().sum().backward()
    assert torch.allclose(product(images), plain(images), rtol=1e-4, atol=1e-4)
    scale = plain.weight.grad.abs().max()
    assert (product.weight.grad - plain.weight.grad).abs().max() < 1e-5 * scale


@needs_onednn
def test_under_autocast_products_are_computed_in_half_precision():
    if not products_pay("cpu", 28, "bf16"):
        pytest.skip("this processor has no bf16 instructions that oneDNN uses")
    plain, product = pair((3, 3), 1, (1, 1), torch.float32, channels=256)
    images = torch.randn(4, 256, 2, 2)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        maps = product(images)
        maps.float().sum().backward()
    assert maps.dtype == torch.bfloat16
    assert product.weight.grad.dtype == torch.float32
    assert torch.allclose(maps.float(), plain(images), rtol=0.05, atol=0.05)


@pytest.mark.parametrize("name", ["resnet18", "resnet50"])
def test_training_steps_are_those_of_the_plain_network(name):
    torch.manual_seed(1)
    images = torch.randn(8, 3, 28, 28, dtype=torch.float64)
    labels = torch.randint(0, 10, (8,))
    losses = []
    for wrap in (lambda model: model, as_products):
        model = wrap(keep_live_taps(made(name, 3), 3, 28)).double()
        optimizer = torch.optim.SGD(
            model.parameters(), lr=0.0001, momentum=0.9
        )  # ResNet-50 is chaotic at larger ones
        seen = []
        for _ in range(2):
            loss = functional.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            seen.append(loss.item())
        losses.append(seen)
    assert losses[1] == pytest.approx(losses[0], rel=1e-9)


def test_small_kernels_of_few_channels_and_the_names_of_weights_stay():
    plain = made("resnet18", 3)
    names = list(plain.state_dict())
    model = as_products(plain)
    kinds = {name: type(module) for name, module in model.named_modules() if isinstance(module, nn.Conv2d)}
    assert kinds["conv1"] is nn.Conv2d
    assert kinds["layer1.0.conv1"] is nn.Conv2d
    assert kinds["layer2.0.downsample.0"] is ProductConv2d
    assert kinds["layer4.1.conv2"] is ProductConv2d
    assert list(model.state_dict()) == names


def test_products_are_for_small_images_on_a_cpu():
    assert not products_pay("cuda", 28, "fp32")
    assert not products_pay("cpu", 224, "fp32")
    assert not products_pay("cpu", 28, "fp16")


@pytest.mark.parametrize(
    "settings",
    [
        {"groups": 2},
        {"groups": 512},  # depthwise
        {"dilation": 2},
        {"bias": True},
        {"padding_mode": "circular", "padding": 1},
        {"padding": "same"},
    ],
    ids=str,
)
def test_what_a_product_does_not_compute_stays_a_convolution(settings):
    model = nn.Sequential(nn.Conv2d(512, 512, kernel_size=3, **{"bias": False, **settings}))
    assert type(as_products(model)[0]) is nn.Conv2d


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("resnext50_32x4d", 28),
        ("mobilenet_v3_small", 28),
        ("densenet121", 32),
        ("resnet20", 28),
        ("vgg11_bn", 32),
    ],
)
def test_the_answers_of_every_network_are_those_of_the_plain_one(name, side):
    plain = made(name, side).double().eval()
    products = as_products(made(name, side)).double().eval()
    images = torch.rand(2, 3, side, side, dtype=torch.float64)
    with torch.inference_mode():
        assert torch.allclose(plain(images), products(images), rtol=1e-9, atol=1e-12)
