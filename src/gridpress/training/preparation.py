"""A network before its first step, and what turns images into its input."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from gridpress.data.loading import Images
from gridpress.data.splits import Splits
from gridpress.errors import InputError
from gridpress.networks.building import pretrained
from gridpress.networks.building.build import build
from gridpress.networks.building.objection import objection
from gridpress.training.convolutions import as_products, products_pay
from gridpress.training.input_pipeline import InputPipeline
from gridpress.training.pooling import deterministic_pooling
from gridpress.training.setup import Setup
from gridpress.training.taps import keep_live_taps


def untrained(setup: Setup, classes: int, weights: Path | None) -> nn.Module:
    """The network of a run with the weights that it begins with.

    Args:
        setup: of the run.
        classes: the number of logits.
        weights: the file of pretrained weights, where the recipe names one.

    Raises:
        InputError: the network cannot take such images, or the weights are not those of the network.
        GridpressError: pretrained weights cannot be downloaded.
    """
    wanted = setup.architecture(classes)
    if (reason := objection(wanted)) is not None:
        raise InputError(reason)
    return build(wanted, setup.seed("weights"), weights)


def fastest_form(model: nn.Module, setup: Setup, device: torch.device) -> torch.memory_format:
    """Give a network, in place, the form that computes fastest; the memory format that goes with it."""
    channels, size = setup.settings.channels, setup.settings.image_size
    if setup.optimizer.weight_decay == 0:
        keep_live_taps(model, channels, size)
    products = products_pay(device.type, size, setup.run.precision)
    if products:
        as_products(model)
    if device.type == "cuda":
        deterministic_pooling(model)
    # as measured (benchmarks/NOTES.md): channels_last pays for products and on large images
    return torch.channels_last if products or size >= 224 else torch.contiguous_format


def input_pipeline(
    setup: Setup, images: Images, splits: Splits, layout: torch.memory_format
) -> InputPipeline:
    """Normalised as the pretrained weights were, or by the training images."""
    channels, size = setup.settings.channels, setup.settings.image_size
    if setup.recipe.pretrained:
        return InputPipeline(*pretrained.normalisation(setup.run.model), channels, size, layout)
    return InputPipeline.fit(images.pixels[splits.train], channels, size, layout)
