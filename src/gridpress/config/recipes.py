"""The block `recipes`: how a network is trained, apart from what the grid varies by itself."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag, model_validator

from gridpress.config.block import Block
from gridpress.config.values import Count, Metric, PathBelow, PositiveShare, Sha256, ShareBelowOne


def _kind(value: Any) -> str:
    """Which side of a choice between words and a block a value is on, so that faults are told of this one."""
    return "[word]" if isinstance(value, str) else "[block]"


def _schedule(value: Any) -> str | None:
    name = value.get("name") if isinstance(value, dict) else getattr(value, "name", None)
    return f"[{name}]"


class Constant(Block):
    """The learning rate stays as the grid has it."""

    name: Literal["constant"]


class Step(Block):
    """The learning rate is multiplied by `factor` after every `every` epochs."""

    name: Literal["step"]
    every: Count
    factor: PositiveShare


class Cosine(Block):
    """It rises in proportion over the first `warmup` of all steps, then falls to 0 along half a cosine."""

    name: Literal["cosine"]
    warmup: ShareBelowOne


class Augmentation(Block):
    """What is done to training images at random, as `training.augmentation` says; each where it is named."""

    shift: PositiveShare | None = None
    flip: PositiveShare | None = None
    crop: PositiveShare | None = None
    cutout: PositiveShare | None = None

    @model_validator(mode="after")
    def _does_something(self) -> Augmentation:
        if not self.model_dump(exclude_none=True):
            raise ValueError("names none of shift, flip, crop, cutout; for no augmentation write `none`")
        return self


class EarlyStopping(Block):
    """Training ends after `patience` epochs without a better validation `metric`; the best epoch is kept."""

    metric: Metric
    patience: Count


class WeightsFile(Block):
    """Pretrained weights as torchvision publishes them: a path below the study's folder, and its SHA-256."""

    file: PathBelow
    sha256: Sha256


class Recipe(Block):
    """A named set of training settings."""

    stem: Literal["standard", "small"]
    weights: Annotated[
        Annotated[Literal["random", "pretrained"], Tag("[word]")] | Annotated[WeightsFile, Tag("[block]")],
        Discriminator(_kind),
    ]
    schedule: Annotated[
        Annotated[Constant, Tag("[constant]")]
        | Annotated[Step, Tag("[step]")]
        | Annotated[Cosine, Tag("[cosine]")],
        Discriminator(
            _schedule,
            custom_error_type="name_unknown",
            custom_error_message="a mapping whose name is constant, step or cosine",
        ),
    ]
    augmentation: Annotated[
        Annotated[Literal["none"], Tag("[word]")] | Annotated[Augmentation, Tag("[block]")],
        Discriminator(_kind),
    ]
    label_smoothing: ShareBelowOne
    class_weight: Literal["none", "balanced"]
    early_stopping: Annotated[
        Annotated[Literal["none"], Tag("[word]")] | Annotated[EarlyStopping, Tag("[block]")],
        Discriminator(_kind),
    ]

    @property
    def pretrained(self) -> bool:
        """Whether training begins with weights that other images trained."""
        return self.weights != "random"
