from __future__ import annotations

import pytest
import torch
from torch import nn

from gridpress.networks.own.resnet20 import build


def test_its_parameters_with_one_channel_of_28_px_and_ten_classes():
    assert sum(parameter.numel() for parameter in build(1, 10, 28).parameters()) == 269434


def test_it_has_twenty_layers_with_weights_and_shortcuts_without():
    layers = [module for module in build(3, 10, 32).modules() if isinstance(module, (nn.Conv2d, nn.Linear))]
    assert len(layers) == 20
    assert {layer.kernel_size for layer in layers[:-1]} == {(3, 3)}


@pytest.mark.parametrize("side", [8, 28, 33])
def test_it_takes_images_of_any_size(side):
    assert build(3, 7, side)(torch.zeros(2, 3, side, side)).shape == (2, 7)
