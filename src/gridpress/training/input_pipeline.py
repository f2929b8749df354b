"""What a network receives: images as it was trained on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torchvision.transforms.v2 import functional as transforms


@dataclass(frozen=True)
class InputPipeline:
    """From uint8 pixels to what the network receives."""

    mean: float  # of the training images, pixel values from 0 to 1
    std: float
    channels: int
    image_size: int
    memory_format: torch.memory_format

    @classmethod
    def fit(
        cls, pixels: np.ndarray, channels: int, image_size: int, layout: torch.memory_format
    ) -> InputPipeline:
        """Normalisation constants from the training images, uint8 [N, 28, 28]."""
        shares = np.bincount(pixels.reshape(-1), minlength=256) / pixels.size
        values = np.arange(256) / 255
        mean = float(shares @ values)
        std = float(np.sqrt(shares @ (values - mean) ** 2))
        return cls(mean, std or 1.0, channels, image_size, layout)

    def __call__(self, pixels: Tensor) -> Tensor:
        """uint8 [B, 28, 28] to float32 [B, channels, image_size, image_size]."""
        images = pixels.unsqueeze(1).float().div_(255).sub_(self.mean).div_(self.std)
        if images.shape[-1] != self.image_size:
            images = transforms.resize(images, [self.image_size, self.image_size], antialias=False)
        return images.expand(-1, self.channels, -1, -1).contiguous(memory_format=self.memory_format)
