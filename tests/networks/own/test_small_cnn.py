from __future__ import annotations

import pytest
import torch

from gridpress.networks.own.small_cnn import build


def test_its_parameters_with_one_channel_of_28_px_and_ten_classes():
    assert sum(parameter.numel() for parameter in build(1, 10, 28).parameters()) == 98234


@pytest.mark.parametrize("side", [8, 28, 65])
def test_it_takes_images_of_any_size_from_8_px(side):
    assert build(3, 7, side)(torch.zeros(2, 3, side, side)).shape == (2, 7)
