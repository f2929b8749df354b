"""Counts on the networks themselves: any of torchvision's, at any size that it takes."""

from __future__ import annotations

import pytest

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
    large, small = cost(name, 3, 10, 224), cost(name, 3, 10, 64)
    assert (large.parameters, large.flops_fvcore, small.flops_torch) == (parameters, fvcore, torch)


def test_other_networks_are_counted_and_sizes_too_small_for_them_left_out():
    assert cost("mobilenet_v3_small", 3, 10, 64).parameters == 1528106
    assert list(costs("vgg11_bn", 3, 10, (28, 64))) == [64]


def test_taps_are_dead_where_maps_are_single_pixels():
    assert has_dead_taps("resnet18", 1, 10, 28)
    assert not has_dead_taps("resnet18", 1, 10, 64)
