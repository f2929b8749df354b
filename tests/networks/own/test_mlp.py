from __future__ import annotations

import torch

from gridpress.networks.own.mlp import build


def test_its_parameters_with_one_channel_of_28_px_and_ten_classes():
    assert sum(parameter.numel() for parameter in build(1, 10, 28).parameters()) == 269322


def test_it_drops_units_while_it_trains_and_none_after():
    model, images = build(1, 10, 28), torch.ones(1, 1, 28, 28)
    torch.manual_seed(0)
    assert not torch.equal(model(images), model(images))
    assert torch.equal(model.eval()(images), model(images))
