from __future__ import annotations

import re

import pytest
import torch

from gridpress.networks import names
from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.build import build, objection, parameter_count

RESNET = Architecture("resnet18", channels=1, classes=10, image_size=28)


@pytest.mark.parametrize(
    ("name", "parameters"), [("resnet18", 11181642), ("resnet34", 21289802), ("resnet50", 23528522)]
)
def test_parameters_with_ten_classes_and_three_channels(name, parameters):
    assert parameter_count(Architecture(name, 3, 10, 28)) == parameters


@pytest.mark.parametrize("name", ["resnet18", "regnet_x_400mf", "small_cnn"])
def test_parameters_are_counted_without_the_network(name):
    wanted = Architecture(name, 3, 7, 32)
    assert parameter_count(wanted) == sum(p.numel() for p in build(wanted, seed=0).parameters())


@pytest.mark.parametrize("name", ["resnet18", "lenet5"])
def test_weights_depend_on_the_seed_and_on_nothing_drawn_before(name):
    wanted = RESNET._replace(name=name)
    first = build(wanted, seed=3).state_dict()
    torch.rand(5)
    again, other = build(wanted, seed=3).state_dict(), build(wanted, seed=4).state_dict()
    assert all(torch.equal(first[key], again[key]) for key in first)
    assert any(not torch.equal(first[key], other[key]) for key in first)


def test_building_leaves_the_generator_as_it_was():
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    build(RESNET, seed=5)
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Architecture("alexnet", 3, 10, 28), r"alexnet cannot take images of 28 px \(.+\); 64 px works"),
        (Architecture("vgg11_bn", 3, 10, 28), r"vgg11_bn cannot take images of 28 px .+; 32 px works"),
        (Architecture("vit_b_16", 3, 10, 28), r"vit_b_16 cannot take images of 28 px .+; 32 px works"),
        (Architecture("lenet5", 1, 10, 8), r"lenet5 cannot take images of 8 px .+; 32 px works"),
        (
            Architecture("vit_b_16", 3, 10, 32, pretrained=True),
            r"images of 32 px .+; 224 px works",
        ),
        (Architecture("lenet5", 1, 10, 28, stem="small"), "lenet5 has no other stem"),
        (Architecture("mlp", 3, 10, 28, pretrained=True), "there are no pretrained weights of mlp"),
        (Architecture("resnet18", 1, 10, 28, pretrained=True), "are for 3 channels, train.channels is 1"),
        (Architecture("resnet18", 3, 10, 28, "small", pretrained=True), "are those of the standard stem"),
    ],
)
def test_what_cannot_be_trained_is_said_with_what_would_do(wanted, said):
    assert re.search(said, objection(wanted))


@pytest.mark.parametrize("name", ["resnet18", "googlenet", "regnet_y_400mf", "swin_t", *names.OWN])
def test_nothing_is_said_of_what_can_be_trained(name):
    assert objection(Architecture(name, 3, 10, 32)) is None


def test_a_network_that_gives_no_logits_is_refused(monkeypatch):
    class Several(torch.nn.Module):
        def forward(self, images):
            return images, images

    monkeypatch.setattr("gridpress.networks.building.build.make_random", lambda _: Several())
    assert "it gives no tensor of 10 logits for each image" in objection(RESNET)


@pytest.mark.extended
@pytest.mark.parametrize("name", names.NETWORKS)
def test_every_network_can_be_trained_at_some_size(name):
    sizes = [224] if name.startswith(("maxvit", "vit_h")) else [224, 96]
    assert [objection(Architecture(name, channels, 10, size)) for size in sizes for channels in (1, 3)] == [
        None
    ] * (2 * len(sizes))
