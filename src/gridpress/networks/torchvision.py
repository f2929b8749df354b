"""torchvision's networks for the classification of images, with random weights.

Source of each network: torchvision.models, which cites its paper; ResNets: He et al., "Deep Residual Learning
for Image Recognition", CVPR 2016.
"""

from __future__ import annotations

import torch
from torch import nn
from torchvision import models


def build(name: str, channels: int, classes: int, seed: int) -> nn.Module:
    """A randomly initialised network, the same for the same seed whatever was drawn before.

    Args:
        name: of a torchvision network, such as `resnet18`.
        channels: of the input images; with others than torchvision's 3 the first convolution is a new one.
        classes: the number of logits.
        seed: of the initial weights.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model: nn.Module = models.get_model(name, weights=None, num_classes=classes)
        if channels != 3:
            _take_channels(model, channels)
    return model


def _take_channels(model: nn.Module, channels: int) -> None:
    """Put a convolution of `channels` inputs in the place of the first, initialised as a ResNet's."""
    path, first = first_convolution(model)
    conv = nn.Conv2d(
        channels,
        first.out_channels,
        kernel_size=first.kernel_size,  # type: ignore[arg-type]
        stride=first.stride,  # type: ignore[arg-type]
        padding=first.padding,  # type: ignore[arg-type]
        bias=first.bias is not None,
    )
    nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
    parent, _, name = path.rpartition(".")
    setattr(model.get_submodule(parent), name, conv)


def first_convolution(model: nn.Module) -> tuple[str, nn.Conv2d]:
    """The convolution that sees the image, with its path in the network."""
    return next((path, module) for path, module in model.named_modules() if isinstance(module, nn.Conv2d))


def parameter_count(model: nn.Module) -> int:
    """Trainable parameters."""
    return sum(parameter.numel() for parameter in model.parameters())
