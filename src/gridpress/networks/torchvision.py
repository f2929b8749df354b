"""torchvision's networks for the classification of images: random weights, the first convolution, the stem.

Source of each network: torchvision.models, which cites its paper; ResNets: He et al., "Deep Residual Learning
for Image Recognition", CVPR 2016.
"""

from __future__ import annotations

from typing import Any

from torch import nn
from torchvision import models

AUXILIARY = ("googlenet", "inception_v3")  # give more than logits while they train, unless told not to


def make(name: str, channels: int, classes: int, image_size: int) -> nn.Module:
    """A network with random weights, for images float32 [B, channels, image_size, image_size]."""
    model: nn.Module = models.get_model(name, weights=None, num_classes=classes, **options(name, image_size))
    if channels != 3:
        path, first = first_convolution(model)
        _put(model, path, _like(first, channels, int(first.kernel_size[0]), first.stride, first.padding))
    return model


def options(name: str, image_size: int) -> dict[str, Any]:
    """What torchvision must be told to make a network that gives logits for images of this size."""
    if name in AUXILIARY:
        return {"aux_logits": False, "init_weights": True}
    if name.startswith("vit_"):
        return {"image_size": image_size}
    if name == "maxvit_t":
        return {"input_size": (image_size, image_size)}
    return {}


def drop_auxiliary(model: nn.Module) -> None:
    """Let a network with auxiliary outputs give logits alone: their weights may be loaded with the others."""
    model.aux_logits = False  # type: ignore[assignment]
    for name in ("AuxLogits", "aux1", "aux2"):
        if hasattr(model, name):
            setattr(model, name, None)


def take_small_stem(model: nn.Module) -> nn.Module:
    """Begin with a 3x3 convolution of stride 1 and without pooling, so that small images stay as they are.

    As ResNets for CIFAR begin (He et al. 2016, section 4.2): the first convolution is a new one, and maximum
    pooling between it and the second one is left out.
    """
    path, first = first_convolution(model)
    _put(model, path, _like(first, first.in_channels, 3, 1, 1))
    convolutions = 0
    for name, module in list(model.named_modules()):
        convolutions += isinstance(module, nn.Conv2d)
        if convolutions == 1 and isinstance(module, nn.MaxPool2d):
            _put(model, name, nn.Identity())
    return model


def first_convolution(model: nn.Module) -> tuple[str, nn.Conv2d]:
    """The convolution that sees the image, with its path in the network."""
    return next((path, module) for path, module in model.named_modules() if isinstance(module, nn.Conv2d))


def _like(first: nn.Conv2d, channels: int, kernel: int, stride: Any, padding: Any) -> nn.Conv2d:
    """A convolution in the place of the first, initialised as a ResNet's."""
    conv = nn.Conv2d(channels, first.out_channels, kernel, stride, padding, bias=first.bias is not None)
    nn.init.kaiming_normal_(conv.weight, mode="fan_out", nonlinearity="relu")
    return conv


def _put(model: nn.Module, path: str, module: nn.Module) -> None:
    parent, _, name = path.rpartition(".")
    setattr(model.get_submodule(parent), name, module)
