from __future__ import annotations

import pytest
import torch
from torch import nn

from gridpress.training.pooling import MatrixPool2d, deterministic_pooling


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (7, 7), (14, 9)])
@pytest.mark.parametrize("outputs", [(7, 7), 6, (2, None)])
def test_maps_and_gradients_are_those_of_adaptive_average_pooling(size, outputs):
    plain = torch.rand(2, 3, *size, dtype=torch.float64, requires_grad=True)
    matrices = plain.detach().clone().requires_grad_()
    found = [nn.AdaptiveAvgPool2d(outputs)(plain), MatrixPool2d(outputs)(matrices)]
    for maps in found:
        maps.square().sum().backward()
    assert torch.allclose(*found)
    assert torch.allclose(plain.grad, matrices.grad)


def test_only_pooling_to_more_than_one_pixel_is_another():
    model = nn.Sequential(nn.AdaptiveAvgPool2d(7), nn.AdaptiveAvgPool2d(1), nn.AdaptiveAvgPool2d((1, 1)))
    deterministic_pooling(model)
    assert [type(module) for module in model] == [MatrixPool2d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool2d]
