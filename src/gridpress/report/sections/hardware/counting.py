"""What a ResNet costs, from its layers alone and without building it: for sizes that no record holds.

`gridpress.benchmark.flops` measures the same figures on the network itself, and tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from gridpress.benchmark.cost import BATCH_NORM_OPERATIONS, Cost
from gridpress.report.sections.errors.classes import CLASSES

BLOCKS = {
    "resnet18": (2, 2, 2, 2),
    "resnet34": (3, 4, 6, 3),
    "resnet50": (3, 4, 6, 3),
    "resnet101": (3, 4, 23, 3),
    "resnet152": (3, 8, 36, 3),
}  # He et al. 2016, table 1
BASIC = {"resnet18", "resnet34"}  # two 3x3 convolutions a block; the others 1x1, 3x3, 1x1
EXPANSION = 4  # channels out of a bottleneck block over those inside
STEM = 64  # channels of the first convolution
FVCORE_BATCH_NORM = 2  # operations that fvcore counts per element


class Convolution(NamedTuple):
    """A square convolution followed by a BatchNorm; `size` is the side of its output."""

    inputs: int
    outputs: int
    kernel: int
    size: int

    @property
    def weights(self) -> int:
        return self.inputs * self.outputs * self.kernel**2

    @property
    def elements(self) -> int:
        return self.outputs * self.size**2


def convolutions(name: str, channels: int, image_size: int) -> Iterator[Convolution]:
    """All of a torchvision ResNet, in order."""
    size = _halved(image_size)
    yield Convolution(channels, STEM, 7, size)
    size, inputs = _halved(size), STEM  # max pooling
    for stage, blocks in enumerate(BLOCKS[name]):
        width = STEM * 2**stage
        for block in range(blocks):
            shrinks = stage > 0 and block == 0
            before, size = size, _halved(size) if shrinks else size
            outputs = width if name in BASIC else EXPANSION * width
            if name in BASIC:
                yield Convolution(inputs, width, 3, size)
                yield Convolution(width, width, 3, size)
            else:
                yield Convolution(inputs, width, 1, before)
                yield Convolution(width, width, 3, size)
                yield Convolution(width, outputs, 1, size)
            if shrinks or inputs != outputs:
                yield Convolution(inputs, outputs, 1, size)
            inputs = outputs


@cache
def cost(name: str, channels: int, image_size: int) -> Cost:
    """Parameters, and one image's forward pass in each of three conventions.

    Args:
        name: such as `resnet18`.
        channels: of the input images.
        image_size: pixels a side of the input images.
    """
    layers = list(convolutions(name, channels, image_size))
    last = layers[-1]
    products = sum(layer.weights * layer.size**2 for layer in layers) + last.outputs * CLASSES
    normed = sum(layer.elements for layer in layers)
    return Cost(
        parameters=sum(layer.weights + 2 * layer.outputs for layer in layers) + (last.outputs + 1) * CLASSES,
        flops_fvcore=products + FVCORE_BATCH_NORM * normed + last.elements,  # the last: average pooling
        flops_torch=2 * products,
        flops_thop=products + BATCH_NORM_OPERATIONS * normed,
    )


def _halved(size: int) -> int:
    """Of a convolution or pooling with stride 2 and padding that keeps the size otherwise."""
    return (size + 1) // 2
