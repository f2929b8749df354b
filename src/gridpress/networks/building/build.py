"""How a network is built, and whether one can be built at all."""

from __future__ import annotations

import warnings
from importlib import import_module
from pathlib import Path

import torch
from torch import Tensor, nn

from gridpress.networks import torchvision
from gridpress.networks.building import pretrained
from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.shapes import of_shapes
from gridpress.networks.names import OWN

SIZES = (32, 48, 64, 96, 128, 160, 192, 224, 256, 299, 384, 512)  # that are tried to name one that works


def build(wanted: Architecture, seed: int, file: Path | None = None) -> nn.Module:
    """A network, the same for the same seed whatever was drawn before.

    Args:
        wanted: which one.
        seed: of its random weights; of pretrained ones those of the head.
        file: of pretrained weights; None for those that torchvision takes by default.

    Raises:
        InputError: as `pretrained.load`.
        GridpressError: as `pretrained.load`.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if wanted.pretrained:
            return pretrained.load(wanted.name, wanted.classes, file)
        return make_random(wanted)


def parameter_count(wanted: Architecture) -> int:
    """Trainable parameters, counted without drawing them."""
    return sum(parameter.numel() for parameter in _of_shapes(wanted).parameters())


def objection(wanted: Architecture) -> str | None:
    """Why such a network cannot be trained, and what would do; None where it can.

    Two images of nothing pass through it, on a device that computes shapes and no numbers.
    """
    name, size = wanted.name, wanted.image_size
    own = name in OWN
    if own and wanted.stem != "standard":
        return f"{name} has no other stem: it is made for small images"
    if own and wanted.pretrained:
        return f"there are no pretrained weights of {name}; torchvision has them of its own networks"
    if wanted.pretrained and wanted.stem != "standard":
        return "pretrained weights are those of the standard stem"
    if wanted.pretrained and wanted.channels != 3:
        return f"pretrained weights are for 3 channels, train.channels is {wanted.channels}"
    reason = _failure(wanted)
    if reason is None:
        return None
    sizes = sorted({*SIZES, *([pretrained.image_size(name)] if wanted.pretrained else [])})
    larger = [other for other in sizes if other > size]
    smaller = [other for other in reversed(sizes) if other < size]
    works = next((s for s in (*larger, *smaller) if _failure(wanted._replace(image_size=s)) is None), None)
    found = f"{works} px works" if works else "no usual size works"
    return f"{name} cannot take images of {size} px ({reason}); {found}"


def make_random(wanted: Architecture) -> nn.Module:
    """A network with random weights, whatever the generator gives."""
    if wanted.name in OWN:
        module = import_module(f"gridpress.networks.own.{wanted.name}")
        model: nn.Module = module.build(wanted.channels, wanted.classes, wanted.image_size)
        return model
    model = torchvision.make(wanted.name, wanted.channels, wanted.classes, wanted.image_size)
    return torchvision.take_small_stem(model) if wanted.stem == "small" else model


def _of_shapes(wanted: Architecture) -> nn.Module:
    return of_shapes(lambda: make_random(wanted))


def _failure(wanted: Architecture) -> str | None:
    size = pretrained.image_size(wanted.name) if wanted.pretrained else wanted.image_size
    images = torch.empty(2, wanted.channels, wanted.image_size, wanted.image_size, device="meta")
    try:
        with warnings.catch_warnings(action="ignore"):
            output = _of_shapes(wanted._replace(image_size=size)).train()(images)
    except Exception as error:  # noqa: BLE001  # whatever a network raises on images that it was not made for
        return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
    if not isinstance(output, Tensor) or output.shape != (2, wanted.classes):
        return f"it gives no tensor of {wanted.classes} logits for each image"
    return None
