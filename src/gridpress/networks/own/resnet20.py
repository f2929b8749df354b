"""ResNet-20 for small images: He et al., "Deep residual learning for image recognition", CVPR 2016.

Section 4.2. Three stages of 16, 32 and 64 channels with three blocks each; shortcuts without parameters
(option A): every other pixel, and zeros for the channels that are new.
"""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional

WIDTHS = (16, 32, 64)
BLOCKS = 3  # of each stage


class Block(nn.Module):
    """Two 3x3 convolutions and a shortcut."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.new = width - inputs  # channels, where a stage begins
        stride = 2 if self.new else 1
        self.conv1 = nn.Conv2d(inputs, width, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, kernel_size=3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)

    def forward(self, maps: Tensor) -> Tensor:
        found = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(maps)))))
        if self.new:
            maps = functional.pad(maps[:, :, ::2, ::2], (0, 0, 0, 0, self.new // 2, self.new - self.new // 2))
        return functional.relu(found + maps)


def build(channels: int, classes: int, image_size: int) -> nn.Module:  # noqa: ARG001  # of any size
    """A network for images float32 [B, channels, H, W]; logits [B, classes]."""
    first = [nn.Conv2d(channels, WIDTHS[0], 3, padding=1, bias=False), nn.BatchNorm2d(WIDTHS[0]), nn.ReLU()]
    inputs = [WIDTHS[0], *(width for width in WIDTHS for _ in range(BLOCKS))]
    blocks = [Block(before, width) for before, width in pairwise(inputs)]
    model = nn.Sequential(
        *first, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(WIDTHS[-1], classes)
    )
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight)  # He et al., ICCV 2015, as the paper says
    return model
