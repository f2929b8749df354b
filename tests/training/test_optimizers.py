from __future__ import annotations

import pytest
import torch

from gridpress.training.optimizers import make_optimizer


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_first_step_that_half_precision_skips_does_no_harm(params, optimizer):
    layer = torch.nn.Linear(1000, 1000)
    update = make_optimizer(layer, getattr(params.optimizers, optimizer), 0.1, fused=False)
    scaler = torch.amp.GradScaler("cpu")
    for loss in (torch.inf, 1.0):  # of which the first overflows
        scaler.scale(layer(torch.ones(1, 1000)).sum() * loss).backward()
        scaler.step(update)
        scaler.update()
        update.zero_grad()
    buffers = [value for state in update.state.values() for value in state.values() if value is not None]
    assert buffers
    assert all(value.isfinite().all() and value.abs().max() < 10 for value in buffers)
