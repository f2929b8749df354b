"""Size and operations of a network, as records hold them; `flops` counts them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

TRAINING_FACTOR = 3  # forward pass, gradients of inputs and of weights: each costs a forward pass
BATCH_NORM_OPERATIONS = 4  # thop counts 2 in the trained network's form, and that twice


class Cost(BaseModel):
    """Size of a network, and operations of one image's forward pass."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parameters: int = Field(description="trainable parameters")
    flops_fvcore: int = Field(description="one per multiply-add, BatchNorm and pooling included (fvcore)")
    flops_torch: int = Field(description="two per multiply-add, no BatchNorm (torch.utils.flop_counter)")
    flops_thop: int = Field(
        description="one per multiply-add plus four per BatchNorm element (as thop counts)"
    )
