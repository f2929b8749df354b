"""Whether a network can be trained at all."""

from __future__ import annotations

import re
import warnings
from importlib import import_module

import torch
from torch import Tensor

from gridpress.networks.building import pretrained
from gridpress.networks.building.architecture import Architecture
from gridpress.networks.building.build import draft
from gridpress.networks.names import OWN, TORCHVISION, source

SIZES = (32, 48, 64, 96, 128, 160, 192, 224, 256, 299, 384, 512)  # that are tried to name one that works
OF_ITS_FOLDER = re.compile(r"^\s*(from|import)\s+(\.|gridpress\.networks\.own)", re.MULTILINE)


def objection(wanted: Architecture) -> str | None:
    """Why such a network cannot be trained, and what would do; None where it can.

    Two images of nothing pass through it: one of torchvision's on a device that computes shapes and no
    numbers, our own, which are small and may compute with numbers, on the CPU.
    """
    own = wanted.name in OWN
    if reason := _unusable_file(wanted.name) or _not_for_own(wanted) if own else _not_for_pretrained(wanted):
        return reason
    if (reason := _failure(wanted)) is None:
        return None
    sizes = sorted({*SIZES, *([pretrained.image_size(wanted.name)] if wanted.pretrained else [])})
    larger = [other for other in sizes if other > wanted.image_size]
    smaller = [other for other in reversed(sizes) if other < wanted.image_size]
    works = next((s for s in (*larger, *smaller) if _failure(wanted._replace(image_size=s)) is None), None)
    if works is None and wanted.stem != "standard":
        return objection(wanted._replace(stem="standard")) or (
            f"{wanted.name} has no place for another stem ({reason}); its recipe needs `stem: standard`"
        )
    if works is None and own:
        return f"{_file(wanted.name)} fails with images of every size that was tried ({reason})"
    found = f"{works} px works" if works else "no usual size works"
    return f"{wanted.name} cannot take images of {wanted.image_size} px ({reason}); {found}"


def _unusable_file(name: str) -> str | None:
    """What is wrong with the file of a network of our own, whatever the images."""
    if name in TORCHVISION:
        return f"{_file(name)} has the name of a network of torchvision; rename it"
    if OF_ITS_FOLDER.search(source(name).read_text(encoding="utf-8")):
        return (
            f"{_file(name)} imports from its own folder, but a training run depends on the file of its "
            "network alone; copy what it needs into it"
        )
    try:
        module = import_module(f"gridpress.networks.own.{name}")
    except Exception as error:  # noqa: BLE001  # whatever a file does that is imported
        return f"{_file(name)} cannot be imported ({_in_a_line(error)})"
    if not callable(getattr(module, "build", None)):
        return f"{_file(name)} has no function build(channels, classes, image_size)"
    return None


def _not_for_own(wanted: Architecture) -> str | None:
    if wanted.stem != "standard":
        return (
            f"{wanted.name} has no other stem, and a grid combines every network with every recipe: "
            "use recipes with `stem: standard`"
        )
    if wanted.pretrained:
        return f"there are no pretrained weights of {wanted.name}; torchvision has them of its own networks"
    return None


def _not_for_pretrained(wanted: Architecture) -> str | None:
    if wanted.pretrained and wanted.stem != "standard":
        return "pretrained weights are those of the standard stem"
    if wanted.pretrained and wanted.channels != 3:
        return f"pretrained weights are for 3 channels, train.channels is {wanted.channels}"
    return None


def _file(name: str) -> str:
    return f"networks/own/{name}.py"


def _failure(wanted: Architecture) -> str | None:
    """What goes wrong with images of this size; None where nothing does."""
    size = pretrained.image_size(wanted.name) if wanted.pretrained else wanted.image_size
    device = "cpu" if wanted.name in OWN else "meta"
    images = torch.zeros(2, wanted.channels, wanted.image_size, wanted.image_size, device=device)
    try:
        with warnings.catch_warnings(action="ignore"), torch.random.fork_rng(devices=[]):
            output = draft(wanted._replace(image_size=size)).train()(images)
    except Exception as error:  # noqa: BLE001  # whatever a network raises on images that it was not made for
        return _in_a_line(error)
    if not isinstance(output, Tensor) or output.shape != (2, wanted.classes):
        return f"it gives no tensor of {wanted.classes} logits for each image"
    return None


def _in_a_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
