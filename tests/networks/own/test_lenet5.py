from __future__ import annotations

import pytest
import torch

from gridpress.networks.own.lenet5 import build


def test_its_parameters_with_one_channel_of_28_px_and_ten_classes():
    assert sum(parameter.numel() for parameter in build(1, 10, 28).parameters()) == 61706


@pytest.mark.parametrize("side", [12, 28, 32, 64])
def test_it_takes_images_from_12_px(side):
    assert build(3, 7, side)(torch.zeros(2, 3, side, side)).shape == (2, 7)
