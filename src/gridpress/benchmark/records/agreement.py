"""How far apart the losses of the same training get on different targets."""

from __future__ import annotations

from pydantic import Field

from gridpress.config.values import NetworkName, OptimizerName
from gridpress.study.records.base import RecordPart


class LossCurve(RecordPart):
    """Losses of the same training on a target."""

    target: str
    losses: list[float] = Field(description="one value per step")
    largest_difference: float = Field(description="from the reference, over all steps")
    at_step: int = Field(description="where it is, from 1")


class Agreement(RecordPart):
    """The same seed on every target, against fp32 on the CPU with 1 thread."""

    model: NetworkName
    optimizer: OptimizerName
    batch_size: int
    image_size: int
    reference: list[float] = Field(description="losses of fp32 on the CPU with 1 thread, one per step")
    rounding: LossCurve = Field(
        description="the reference again, its weights moved by one part in ten million: "
        "what rounding alone does"
    )
    curves: list[LossCurve]
