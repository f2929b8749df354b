"""Counts on the networks themselves: any of torchvision's, at any size that it takes."""

from __future__ import annotations

import pytest

from gridpress.networks.building.architecture import Architecture
from gridpress.report.analysis.network_costs import cost, costs, has_dead_taps


@pytest.mark.parametrize(
    ("name", "parameters", "fvcore", "torch"),
    [
        ("resnet18", 11181642, 1818558976, 296101888),
        ("resnet34", 21289802, 3670755840, 598091776),
        ("resnet50", 23528522, 4109485056, 667328512),
    ],
)  # as studies A and B print them
def test_counts_are_those_that_studies_print(name, parameters, fvcore, torch):
    large, small = (cost(Architecture(name, 3, 10, size)) for size in (224, 64))
    assert (large.parameters, large.flops_fvcore, small.flops_torch) == (parameters, fvcore, torch)


def test_other_networks_are_counted():
    assert cost(Architecture("mobilenet_v3_small", 3, 10, 64)).parameters == 1528106


@pytest.mark.parametrize("name", ["vgg11_bn", "vit_b_32", "maxvit_t"])  # fail each in its own way
def test_sizes_that_a_network_cannot_take_are_left_out(name):
    assert costs(name, 3, 10, (28,)) == {}


def test_other_sizes_of_such_a_network_are_counted():
    assert list(costs("vgg11_bn", 3, 10, (28, 64))) == [64]


def test_the_small_stem_works_on_larger_maps():
    standard = Architecture("resnet18", 3, 10, 28)
    assert cost(standard) == costs("resnet18", 3, 10, (28,))[28]
    assert cost(standard._replace(stem="small")).flops_fvcore > 10 * cost(standard).flops_fvcore


def test_taps_are_dead_where_maps_are_single_pixels():
    wanted = Architecture("resnet18", 1, 10, 28)
    assert has_dead_taps(wanted)
    assert not has_dead_taps(wanted._replace(image_size=64))
    assert not has_dead_taps(wanted._replace(stem="small"))
