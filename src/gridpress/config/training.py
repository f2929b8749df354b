"""The block `train`: settings of all runs, and the grid."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import model_validator

from gridpress.config.block import Block
from gridpress.config.values import (
    Axis,
    Channels,
    Count,
    DataMemory,
    Epochs,
    ImageSize,
    Name,
    NetworkName,
    OptimizerName,
    Positive,
    Precision,
    Seed,
    whole,
)


class Grid(Block):
    """The axes of the training grid, in the order of the stage names."""

    model: Axis[NetworkName]
    batch_size: Axis[Annotated[int, whole(2)]]
    optimizer: Axis[OptimizerName]
    learning_rate: Axis[Positive]
    precision: Axis[Precision]
    data_memory: Axis[DataMemory]
    recipe: Axis[Name]
    seed: Axis[Seed]


class Train(Block):
    """Settings shared by all training runs, and the grid."""

    epochs: Count
    milestones: Epochs
    channels: Channels
    image_size: ImageSize
    device: Literal["auto", "cpu", "cuda", "mps"]
    threads: Count
    seeds: Literal["independent", "shared"]
    subset: Literal["shared", "own"]
    grid: Grid

    @property
    def left_out(self) -> str:
        """Which milestones are left out, as training ends before, in words; empty where none is."""
        beyond = ", ".join(str(epoch) for epoch in self.milestones if epoch > self.epochs)
        return f"milestones beyond the last epoch are left out: {beyond}" if beyond else ""

    @model_validator(mode="after")
    def _milestones_rise(self) -> Train:
        if self.milestones != sorted(self.milestones):
            raise ValueError("milestones must rise")
        return self
