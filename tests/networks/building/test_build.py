from __future__ import annotations

import pytest
import torch

from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.build import build, parameter_count

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
