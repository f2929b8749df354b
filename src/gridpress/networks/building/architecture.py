"""What must be known of a network to build it."""

from __future__ import annotations

from typing import NamedTuple


class Architecture(NamedTuple):
    """A network before it has weights.

    Attributes:
        name: of `names.NETWORKS`.
        channels: of the input images.
        classes: the number of logits.
        image_size: pixels a side of the input images.
        stem: `standard`, or `small`: 3x3 without pooling.
        pretrained: whether its weights are torchvision's.
    """

    name: str
    channels: int
    classes: int
    image_size: int
    stem: str = "standard"
    pretrained: bool = False
