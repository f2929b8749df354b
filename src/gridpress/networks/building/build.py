"""How a network is built."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import torch
from torch import nn

from gridpress.networks import torchvision
from gridpress.networks.building import pretrained
from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.shapes import of_shapes
from gridpress.networks.names import OWN


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
    """Trainable parameters, of a network of torchvision counted without drawing them."""
    return sum(parameter.numel() for parameter in draft(wanted).parameters())


def draft(wanted: Architecture) -> nn.Module:
    """A network whose shapes count, and not its numbers; of torchvision it takes no memory."""
    if wanted.name not in OWN:
        return of_shapes(lambda: make_random(wanted))
    with torch.random.fork_rng(devices=[]):
        return make_random(wanted)


def make_random(wanted: Architecture) -> nn.Module:
    """A network with random weights, whatever the generator gives."""
    if wanted.name in OWN:
        module = import_module(f"gridpress.networks.own.{wanted.name}")
        model: nn.Module = module.build(wanted.channels, wanted.classes, wanted.image_size)
        return model
    model = torchvision.make(wanted.name, wanted.channels, wanted.classes, wanted.image_size)
    return torchvision.take_small_stem(model) if wanted.stem == "small" else model
