"""`params.yaml` as typed, validated objects: the shape of every hyperparameter."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from gridpress.config.values import (
    CLASSES,
    Axis,
    Channels,
    Count,
    DataMemory,
    DatasetName,
    Decay,
    Epochs,
    ImageSize,
    Kernel,
    MemoryFormat,
    ModelName,
    Name,
    OptimizerName,
    Penalty,
    Positive,
    Precision,
    Samples,
    Seed,
    number,
    whole,
)
from gridpress.config.yaml_file import read_yaml
from gridpress.errors import InputError
from gridpress.messages import explain

POOLED_IMAGES = 70_000

# Beyond these a file is no study but a mistake or an attack; nothing may hang or fill the memory.
MOST_RUNS = 10_000
MOST_BYTES = 1 << 17  # of params.yaml


class Block(BaseModel):
    """A mapping in params.yaml: unknown keys and wrong types are errors, nothing has a default."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Split(Block):
    """Fractions of the pooled images; they sum to 1."""

    train: Positive
    validation: Positive
    test: Positive

    @model_validator(mode="after")
    def _sums_to_one(self) -> Split:
        total = self.train + self.validation + self.test
        if not math.isclose(total, 1, abs_tol=1e-9):
            raise ValueError(f"train, validation and test sum to {total:g}; they must sum to 1")
        return self

    def sizes(self) -> dict[str, int]:
        """Images in each split."""
        train = round(self.train * POOLED_IMAGES)
        validation = round(self.validation * POOLED_IMAGES)
        return {"train": train, "validation": validation, "test": POOLED_IMAGES - train - validation}


class Data(Block):
    """How the pooled images are split, and how many of each split are used."""

    seed: Seed
    split: Split
    train_samples: Samples
    train_eval_samples: Samples
    val_samples: Samples
    test_samples: Samples

    @model_validator(mode="after")
    def _samples_exist(self) -> Data:
        sizes = self.split.sizes()
        sources = {
            "train_samples": ("the training split", sizes["train"]),
            "train_eval_samples": ("train_samples", self.images("train")),
            "val_samples": ("the validation split", sizes["validation"]),
            "test_samples": ("the test split", sizes["test"]),
        }
        for key, (source, available) in sources.items():
            wanted = getattr(self, key)
            if wanted != "all" and wanted > available:
                raise ValueError(f"{key} is {wanted}, but {source} has {available} images")
        return self

    def images(self, split: Literal["train", "train_eval", "validation", "test"]) -> int:
        """How many images of a split are used."""
        sizes = self.split.sizes()
        match split:
            case "train":
                return sizes["train"] if self.train_samples == "all" else self.train_samples
            case "train_eval":
                return self.images("train") if self.train_eval_samples == "all" else self.train_eval_samples
            case "validation":
                return sizes["validation"] if self.val_samples == "all" else self.val_samples
            case "test":
                return sizes["test"] if self.test_samples == "all" else self.test_samples

    def used(self) -> dict[str, int]:
        """How many images of every split are used."""
        return {
            "train": self.images("train"),
            "train_eval": self.images("train_eval"),
            "validation": self.images("validation"),
            "test": self.images("test"),
        }


class Sgd(Block):
    """`torch.optim.SGD`."""

    momentum: Decay
    weight_decay: Penalty


class Adam(Block):
    """`torch.optim.Adam`."""

    beta1: Decay
    beta2: Decay
    weight_decay: Penalty


class Optimizers(Block):
    """Settings of each optimizer, learning rate apart."""

    sgd: Sgd
    adam: Adam


class Grid(Block):
    """The axes of the training grid, in the order of the stage names."""

    model: Axis[ModelName]
    batch_size: Axis[Annotated[int, whole(2)]]
    optimizer: Axis[OptimizerName]
    learning_rate: Axis[Positive]
    precision: Axis[Precision]
    data_memory: Axis[DataMemory]
    seed: Axis[Seed]


class Train(Block):
    """Settings shared by all training runs, and the grid."""

    epochs: Count
    milestones: Epochs
    channels: Channels
    image_size: ImageSize
    device: Literal["auto", "cpu", "cuda", "mps"]
    threads: Count
    grid: Grid

    @property
    def test_epochs(self) -> list[int]:
        """The epochs at which the test accuracy is taken: the milestones that are reached, and the last epoch."""
        return [*(epoch for epoch in self.milestones if epoch < self.epochs), self.epochs]

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


class SvmConfig(Block):
    """One `sklearn.svm.SVC`: `degree` belongs to the poly kernel alone, `gamma` to all but the linear one."""

    kernel: Kernel
    C: Positive
    gamma: (
        Annotated[
            float | Literal["scale", "auto"],
            number("a number above 0, `scale` or `auto`", lambda value: value > 0, "scale", "auto"),
        ]
        | None
    ) = None
    degree: Annotated[int, whole(1)] | None = None

    @model_validator(mode="after")
    def _settings_belong_to_the_kernel(self) -> SvmConfig:
        if (self.kernel == "poly") != (self.degree is not None):
            raise ValueError("degree is needed with kernel poly, and has no meaning with another one")
        if (self.kernel == "linear") != (self.gamma is None):
            raise ValueError("gamma is needed with every kernel but linear, and has no meaning with that")
        return self


class Svm(Block):
    """Settings shared by all support vector machines, and the configurations by name."""

    scaling: Literal["standard", "minmax", "none"]
    max_iter: Annotated[
        int,
        number(
            "a whole number from 1, or -1 for no limit", lambda value: value == -1 or value >= 1, kinds=(int,)
        ),
    ]
    cache_size: Count
    configs: Annotated[dict[Name, SvmConfig], Field(min_length=1)]


class Target(Block):
    """A device and how it is used."""

    device: Literal["cpu", "cuda", "mps"]
    precision: Precision
    threads: Annotated[int | Literal["all"], whole(1, "all")]
    memory_format: MemoryFormat


class Scaling(Block):
    """Sizes at which growth is measured: three or more on each axis, rising."""

    batch_sizes: Axis[Annotated[int, whole(2)]]
    image_sizes: Axis[Annotated[int, whole(28)]]
    svm_samples: Axis[Annotated[int, whole(CLASSES)]]
    svm_image_sizes: Axis[Annotated[int, whole(4)]]

    @model_validator(mode="after")
    def _can_be_fitted(self) -> Scaling:
        for key in Scaling.model_fields:
            sizes = getattr(self, key)
            if len(sizes) < 3 or sizes != sorted(sizes):
                raise ValueError(f"{key} is {sizes}; it needs three or more rising sizes to fit an exponent")
        if self.svm_samples[-1] > POOLED_IMAGES // 2:
            raise ValueError(
                f"svm_samples has {self.svm_samples[-1]}; at most {POOLED_IMAGES // 2}, as many are predicted"
            )
        return self


class Measure(Block):
    """What the hardware benchmark times on a machine."""

    models: Axis[ModelName]
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


class Params(Block):
    """All of params.yaml."""

    datasets: Axis[DatasetName]
    data: Data
    optimizers: Optimizers
    train: Train
    svm: Svm
    hardware: Hardware

    @model_validator(mode="after")
    def _grid_is_possible(self) -> Params:
        grid, images = self.train.grid, self.data.images("train")
        runs = math.prod((len(getattr(grid, axis)) for axis in Grid.model_fields), start=len(self.datasets))
        if runs > MOST_RUNS:
            raise ValueError(f"train.grid asks for {runs} runs; at most {MOST_RUNS}")
        if (largest := max(grid.batch_size)) > images:  # all such sizes are one and the same run
            raise ValueError(f"train.grid.batch_size is {largest}, but data leaves {images} training images")
        return self


def parse_params(content: Any, source: str = "params.yaml") -> Params:
    """Validated parameters.

    Args:
        content: what the YAML file holds.
        source: its name, for the message.

    Raises:
        InputError: one line per fault, naming key, value and what is allowed.
    """
    if not isinstance(content, dict):
        raise InputError(f"{source}: must hold keys and values, not {type(content).__name__}")
    if "profiles" in content:
        raise InputError(
            f"{source}: profiles is no key here any more: each profile is a file, profiles/NAME.yaml, that says only "
            "what differs from params.yaml. Move yours there, or delete the block: smoke, short and published are there"
        )
    try:
        return Params.model_validate(content)
    except ValidationError as error:
        raise InputError(explain(error, Params, source)) from None


def load_params(path: Path) -> Params:
    """Read and validate params.yaml; raises InputError as `read_yaml` and `parse_params` do."""
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise InputError(f"{path.name}: larger than {MOST_BYTES >> 10} KiB")
    return parse_params(read_yaml(path), path.name)
