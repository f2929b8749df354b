"""The block `hardware`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from gridpress.config.block import Block
from gridpress.config.svm import SvmConfig
from gridpress.config.values import (
    SMALLEST_SIDE,
    Axis,
    Channels,
    Count,
    ImageSize,
    MemoryFormat,
    Name,
    NetworkName,
    OptimizerName,
    Positive,
    Precision,
    Seed,
    whole,
)


class Target(Block):
    """A device and how it is used."""

    device: Literal["cpu", "cuda", "mps"]
    precision: Precision
    threads: Annotated[int | Literal["all"], whole(1, "all")]
    memory_format: MemoryFormat


class Scaling(Block):
    """Sizes at which growth is measured: three or more on each axis, rising."""

    batch_sizes: Axis[Annotated[int, whole(2)]]
    image_sizes: Axis[Annotated[int, whole(SMALLEST_SIDE)]]
    svm_samples: Axis[Annotated[int, whole(2)]]
    svm_image_sizes: Axis[Annotated[int, whole(4)]]

    @model_validator(mode="after")
    def _can_be_fitted(self) -> Scaling:
        for key in Scaling.model_fields:
            sizes = getattr(self, key)
            if len(sizes) < 3 or sizes != sorted(sizes):
                raise ValueError(f"{key} is {sizes}; it needs three or more rising sizes to fit an exponent")
        return self


class Measure(Block):
    """What the hardware benchmark times on a machine."""

    models: Axis[NetworkName]
    optimizers: Axis[OptimizerName]
    batch_sizes: Axis[Annotated[int, whole(2)]]
    image_size: ImageSize
    channels: Channels
    learning_rate: Positive
    warmup_steps: Count
    settle_steps: Count
    block_steps: Count
    blocks: Annotated[int, whole(5)]
    agreement_steps: Count
    scaling: Scaling
    svm: SvmConfig
    seed: Seed
    targets: Annotated[dict[Name, Target], Field(min_length=1)]


class Hardware(Block):
    """The machines whose records the report shows, and what is measured."""

    machines: Axis[Name]
    measure: Measure
