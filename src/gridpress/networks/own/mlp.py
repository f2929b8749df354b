"""A multilayer perceptron with two hidden layers of 256 units and dropout.

Dropout: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15,
2014.
"""

from __future__ import annotations

from torch import nn

HIDDEN = 256
DROPOUT = 0.2


def build(channels: int, classes: int, image_size: int) -> nn.Module:
    """A network for images float32 [B, channels, image_size, image_size]; logits [B, classes]."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(channels * image_size**2, HIDDEN),
        nn.ReLU(),
        nn.Dropout(DROPOUT),
        nn.Linear(HIDDEN, HIDDEN),
        nn.ReLU(),
        nn.Dropout(DROPOUT),
        nn.Linear(HIDDEN, classes),
    )
