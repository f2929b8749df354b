"""The block `selection`."""

from __future__ import annotations

from gridpress.config.block import Block
from gridpress.config.values import Metric


class Selection(Block):
    """How configurations are chosen: by this metric of the validation images."""

    metric: Metric
