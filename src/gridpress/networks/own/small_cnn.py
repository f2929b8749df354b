"""A convolutional network of about 100,000 parameters: pairs of 3x3 convolutions with BatchNorm and pooling.

In the manner of Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition",
ICLR 2015, with BatchNorm (Ioffe and Szegedy, ICML 2015) and global average pooling (Lin et al., "Network in
network", ICLR 2014).
"""

from __future__ import annotations

from torch import nn

WIDTHS = (16, 32, 80)


def build(channels: int, classes: int, image_size: int) -> nn.Module:  # noqa: ARG001  # of any size
    """A network for images float32 [B, channels, H, W], from 8 px; logits [B, classes]."""
    layers: list[nn.Module] = []
    for number, width in enumerate(WIDTHS):
        if number > 0:
            layers.append(nn.MaxPool2d(2))
        for inputs in (WIDTHS[number - 1] if number > 0 else channels, width):
            layers += [
                nn.Conv2d(inputs, width, kernel_size=3, padding=1, bias=False),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            ]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(WIDTHS[-1], classes))
