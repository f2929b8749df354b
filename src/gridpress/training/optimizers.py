"""torch optimizers, as params.yaml describes them."""

from __future__ import annotations

import torch
from torch import nn

from gridpress.config.optimizers import Adam, Sgd


def make_optimizer(
    model: nn.Module, settings: Sgd | Adam, learning_rate: float, *, fused: bool = True
) -> torch.optim.Optimizer:
    """The optimizer of `settings`, its update fused into one kernel.

    Not where a GradScaler may skip the first step: fused SGD (torch 2.14) then reads a momentum that was
    never written.
    """
    if isinstance(settings, Sgd):
        return torch.optim.SGD(
            model.parameters(),
            lr=learning_rate,
            momentum=settings.momentum,
            weight_decay=settings.weight_decay,
            fused=fused,
        )
    return torch.optim.Adam(
        model.parameters(),
        lr=learning_rate,
        betas=(settings.beta1, settings.beta2),
        weight_decay=settings.weight_decay,
        fused=fused,
    )
