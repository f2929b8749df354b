from __future__ import annotations

import torch
from torch import nn

from gridpress.networks.building.shapes import of_shapes


def test_a_network_of_shapes_has_no_numbers_and_computes_shapes():
    model = of_shapes(lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)))
    assert {tensor.device.type for tensor in model.state_dict().values()} == {"meta"}
    assert model(torch.empty(2, 3, 8, 8, device="meta")).shape == (2, 4, 6, 6)


def test_afterwards_tensors_have_numbers_again():
    of_shapes(lambda: nn.Linear(2, 2))
    assert torch.empty(2).device.type == "cpu"
