"""LeNet-5: LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86, 1998.

With the changes that are usual today: ReLU, maximum pooling, every map seen by every kernel, logits instead
of radial basis functions. Images of 28 px are padded to the 32 of the paper.
"""

from __future__ import annotations

from torch import nn


def build(channels: int, classes: int, image_size: int) -> nn.Module:
    """A network for images float32 [B, channels, image_size, image_size], from 12 px; logits [B, classes]."""
    padding = 2 if image_size < 32 else 0
    side = ((image_size + 2 * padding - 4) // 2 - 4) // 2
    return nn.Sequential(
        nn.Conv2d(channels, 6, kernel_size=5, padding=padding),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, kernel_size=5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * side**2, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, classes),
    )
