"""What a network costs, in each of the three conventions that papers print without saying which.

One image, forward pass, evaluation mode. The conventions differ by more than a factor of two.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from gridpress.benchmark.cost import BATCH_NORM_OPERATIONS, Cost
from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.build import build, parameter_count

with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)  # fvcore compiles with what torch has deprecated
    from fvcore.nn import FlopCountAnalysis


def network_cost(wanted: Architecture) -> Cost:
    """Cost of a network."""
    model = build(wanted, seed=0)  # the figures do not depend on the weights
    images = torch.zeros(1, wanted.channels, wanted.image_size, wanted.image_size)
    return Cost(
        parameters=parameter_count(wanted),
        flops_fvcore=fvcore_flops(model, images),
        flops_torch=torch_flops(model, images),
        flops_thop=thop_flops(model, images),
    )


def fvcore_flops(model: nn.Module, images: Tensor) -> int:
    """One per multiply-add, as `fvcore.nn.FlopCountAnalysis` counts; `images` are float32 [B, C, H, W]."""
    with _evaluating(model), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fvcore calls functions that torch has deprecated
        analysis = FlopCountAnalysis(model, images)
        return int(analysis.unsupported_ops_warnings(enabled=False).total())


def torch_flops(model: nn.Module, images: Tensor) -> int:
    """Two per multiply-add and nothing for BatchNorm, as `torch.utils.flop_counter` counts.

    `images` are float32 [B, C, H, W].
    """
    with _evaluating(model), FlopCounterMode(display=False) as counter:
        model(images)
    return int(counter.get_total_flops())


def thop_flops(model: nn.Module, images: Tensor) -> int:
    """One per multiply-add of convolutions and linear layers, four per element of a BatchNorm's input.

    Computed by hooks for images float32 [B, C, H, W]; the rule is that of the package thop
    (pytorch-OpCounter).
    """
    total = 0

    def count(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        match layer:
            case nn.Conv2d():
                total += output.numel() * layer.weight[0].numel()
            case nn.Linear():
                total += output.numel() * layer.in_features
            case nn.BatchNorm2d():
                total += BATCH_NORM_OPERATIONS * inputs[0].numel()

    hooks = [layer.register_forward_hook(count) for layer in model.modules()]
    with _evaluating(model):
        model(images)
    for hook in hooks:
        hook.remove()
    return total


@contextmanager
def _evaluating(model: nn.Module) -> Iterator[None]:
    """Evaluation mode without gradients, and back: the running statistics stay as they are."""
    training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(training)
