"""torchvision's pretrained weights: from torch's cache directory, from a file, or downloaded."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlparse

import torch
from torch import nn
from torchvision import models

from gridpress.errors import GridpressError, InputError
from gridpress.files import sha256_of
from gridpress.networks.building.shapes import of_shapes
from gridpress.networks.torchvision import AUXILIARY, drop_auxiliary, make

Normalisation = tuple[tuple[float, ...], tuple[float, ...]]


def load(name: str, classes: int, file: Path | None) -> nn.Module:
    """A network with pretrained weights, and a head of `classes` logits with random ones.

    Args:
        name: of one of torchvision's networks.
        classes: the number of logits.
        file: of the weights, as torchvision publishes them; None for those that it takes by default.

    Raises:
        InputError: the file does not hold weights of this network.
        GridpressError: the weights are not in the cache directory and cannot be downloaded.
    """
    weights = _default(name)
    cached = Path(torch.hub.get_dir()) / "checkpoints" / _name(weights)
    if file is None:
        _hold_to_its_name(cached)
    with _offered(file, _name(weights)) if file else nullcontext():
        try:
            if file:  # torchvision would unpickle it, that is, run what it says
                torch.load(file, map_location="cpu", weights_only=True)
            model: nn.Module = models.get_model(name, weights=weights)
        except (RuntimeError, pickle.UnpicklingError, EOFError, KeyError, AttributeError) as error:
            place = file or cached
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise InputError(f"{place}: not the weights of torchvision's {name}: {reason}") from None
        except OSError as error:
            raise GridpressError(
                f"torchvision's weights of {name} are not in {cached.parent} and cannot be downloaded "
                f"({error}). Put {cached.name} there, or let the recipe name a file: "
                "weights: {file: PATH, sha256: …}"
            ) from None
    if name in AUXILIARY:
        drop_auxiliary(model)
    fresh = make(name, 3, classes, image_size(name))
    for path in _head(name):
        model.set_submodule(path, fresh.get_submodule(path))
    return model


def normalisation(name: str) -> Normalisation:
    """Mean and standard deviation of each channel that go with the weights, pixel values from 0 to 1."""
    preset = _default(name).transforms()
    return tuple(preset.mean), tuple(preset.std)


def image_size(name: str) -> int:
    """Pixels a side of images that the weights are made for; only transformers cannot take others."""
    return int(_default(name).meta["min_size"][0])


def _default(name: str) -> Any:
    return models.get_model_weights(name).DEFAULT


def _name(weights: Any) -> str:
    """The file's name in torch's cache directory, which ends in the first digits of its SHA-256."""
    return PurePosixPath(urlparse(weights.url).path).name


def _hold_to_its_name(cached: Path) -> None:
    """What lies in the cache directory may be anything; torch looks at what it downloads only."""
    digits = re.search(r"-([0-9a-f]+)\.", cached.name)
    if digits and cached.is_file() and not (found := sha256_of(cached)).startswith(digits[1]):
        raise InputError(f"{cached}: SHA-256 expected {digits[1]}…, found {found}; delete it")


def _head(name: str) -> list[str]:
    """The modules whose parameters depend on the number of classes."""
    one, two = (
        of_shapes(partial(make, name, 3, classes, image_size(name))).state_dict() for classes in (2, 3)
    )
    changing = [key for key in one if one[key].shape != two[key].shape]
    return list(dict.fromkeys(key.rpartition(".")[0] for key in changing))


@contextmanager
def _offered(file: Path, name: str) -> Iterator[None]:
    """In torch's cache directory there is this one file, under the name that torchvision looks for."""
    before = torch.hub.get_dir()
    with TemporaryDirectory() as folder:
        place = Path(folder) / "checkpoints" / name
        place.parent.mkdir()
        place.symlink_to(file.resolve())
        torch.hub.set_dir(folder)
        try:
            yield
        finally:
            torch.hub.set_dir(before)
