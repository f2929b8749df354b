"""What a network receives: images normalised as its training asks for, of its size and channels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torchvision.transforms.v2 import functional as transforms


@dataclass(frozen=True)
class InputPipeline:
    """From uint8 pixels to what the network receives.

    `mean` and `std` are of pixel values from 0 to 1: one of all channels, or one of each that the network
    receives.
    """

    mean: tuple[float, ...]
    std: tuple[float, ...]
    channels: int
    image_size: int
    memory_format: torch.memory_format

    @classmethod
    def fit(
        cls, pixels: np.ndarray, channels: int, image_size: int, layout: torch.memory_format
    ) -> InputPipeline:
        """Normalisation constants from the training images, uint8 [N, C, H, W]."""
        counts = sum(np.bincount(block.reshape(-1), minlength=256) for block in _blocks(pixels))
        shares = counts / pixels.size
        values = np.arange(256) / 255
        mean = float(shares @ values)
        std = float(np.sqrt(shares @ (values - mean) ** 2))
        return cls((mean,), (std or 1.0,), channels, image_size, layout)

    def __call__(self, pixels: Tensor) -> Tensor:
        """uint8 [B, C, H, W] to float32 [B, channels, image_size, image_size].

        Images that are not square are padded to a square with the mean that they are normalised by.
        """
        images = pixels.float().div_(255)
        if images.shape[1] > self.channels:
            images = transforms.rgb_to_grayscale(images)
        if len(self.mean) > images.shape[1]:
            images = images.repeat(1, self.channels, 1, 1)
        for part, mean, std in zip(images.chunk(len(self.mean), dim=1), self.mean, self.std, strict=True):
            part.sub_(mean).div_(std)
        height, width = images.shape[2:]
        if height != width:
            images = functional.pad(images, margins(width, height))
        if images.shape[-1] != self.image_size:
            images = transforms.resize(images, [self.image_size, self.image_size], antialias=False)
        return images.expand(-1, self.channels, -1, -1).contiguous(memory_format=self.memory_format)


def _blocks(pixels: np.ndarray) -> Iterator[np.ndarray]:
    """Pieces of a thousand images: numpy counts in eight bytes a pixel."""
    return (pixels[start : start + 1000] for start in range(0, len(pixels), 1000))


def margins(width: int, height: int) -> tuple[int, int, int, int]:
    """Pixels to add left, right, above and below."""
    side = max(width, height)
    left, above = (side - width) // 2, (side - height) // 2
    return left, side - width - left, above, side - height - above
