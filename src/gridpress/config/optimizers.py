"""The block `optimizers`."""

from __future__ import annotations

from gridpress.config.block import Block
from gridpress.config.values import Penalty, ShareBelowOne


class Sgd(Block):
    """`torch.optim.SGD`."""

    momentum: ShareBelowOne
    weight_decay: Penalty


class Adam(Block):
    """`torch.optim.Adam`."""

    beta1: ShareBelowOne
    beta2: ShareBelowOne
    weight_decay: Penalty


class Optimizers(Block):
    """Settings of each optimizer, learning rate apart."""

    sgd: Sgd
    adam: Adam
