"""`params.yaml` as typed, validated objects: the shape of every hyperparameter."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    model_validator,
)
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from gridpress.errors import InputError
from gridpress.messages import explain, one_line

POOLED_IMAGES = 70_000
CLASSES = 10

# Beyond these a file is no study but a mistake or an attack; nothing may hang or fill the memory.
LARGEST = 2**32 - 1  # whole number: the largest seed that every library takes
LONGEST_NAME = 100  # characters: file names are made of it
MOST_VALUES = 1000  # on an axis
MOST_RUNS = 10_000
MOST_BYTES = 1 << 17  # of params.yaml
MOST_NODES = 1_000_000  # of a YAML file, aliases written out

T = TypeVar("T")


def _number(
    wanted: str,
    fits: Callable[[float], bool],
    *words: str,
    kinds: tuple[type, ...] = (int, float),
) -> PlainValidator:
    """A number that keeps the type YAML gave it (DVC names stages by its text), or one of `words`."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and value in words:
            return value
        number, whole = isinstance(value, kinds) and not isinstance(value, bool), isinstance(value, int)
        if number and whole and value > LARGEST:
            raise ValueError(f"must be at most {LARGEST}")
        if number and (whole or math.isfinite(value)) and fits(value):
            return value
        raise ValueError(f"must be {wanted}")

    return PlainValidator(check)


def _whole(least: int, *words: str) -> PlainValidator:
    wanted = " or ".join([f"a whole number from {least}", *(f"`{word}`" for word in words)])
    return _number(wanted, lambda value: value >= least, *words, kinds=(int,))


def _unique(values: list[T]) -> list[T]:
    if not values:
        raise ValueError("needs at least one value")
    if len(set(values)) != len(values):
        raise ValueError("may hold every value only once")
    return values


def _key(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ValueError('must be made of letters, digits, "_" and "-" only, as stages are named by it')
    if len(name) > LONGEST_NAME:
        raise ValueError(f"must be at most {LONGEST_NAME} characters long, as files are named by it")
    return name


Axis = Annotated[list[T], Field(max_length=MOST_VALUES), AfterValidator(_unique)]
Name = Annotated[str, AfterValidator(_key)]
Seed = Annotated[int, _whole(0)]
Count = Annotated[int, _whole(1)]
Samples = Annotated[int | Literal["all"], _whole(CLASSES, "all")]
Positive = Annotated[float, _number("a number above 0", lambda value: value > 0)]
Decay = Annotated[float, _number("a number from 0 to below 1", lambda value: 0 <= value < 1)]
Penalty = Annotated[float, _number("a number from 0", lambda value: value >= 0)]

DatasetName = Literal["mnist", "fashion_mnist"]
ModelName = Literal["resnet18", "resnet34", "resnet50", "resnet101", "resnet152"]
OptimizerName = Literal["sgd", "adam"]
Precision = Literal["fp32", "bf16", "fp16"]
DataMemory = Literal["device", "pageable", "pinned"]
MemoryFormat = Literal["contiguous", "channels_last"]
ImageSize = Literal[28, 64, 224]
Channels = Literal[1, 3]


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
    batch_size: Axis[Annotated[int, _whole(2)]]
    optimizer: Axis[OptimizerName]
    learning_rate: Axis[Positive]
    precision: Axis[Precision]
    data_memory: Axis[DataMemory]
    seed: Axis[Seed]


class Train(Block):
    """Settings shared by all training runs, and the grid."""

    epochs: Count
    milestones: Axis[Count]
    channels: Channels
    image_size: ImageSize
    device: Literal["auto", "cpu", "cuda", "mps"]
    threads: Count
    grid: Grid

    @model_validator(mode="after")
    def _milestones_are_reached(self) -> Train:
        if max(self.milestones) > self.epochs:
            raise ValueError(
                f"milestones has {max(self.milestones)}, but epochs is {self.epochs}; "
                "a milestone is at most the number of epochs"
            )
        if list(self.milestones) != sorted(self.milestones):
            raise ValueError("milestones must rise")
        return self


class SvmConfig(Block):
    """One `sklearn.svm.SVC`: `degree` belongs to the poly kernel and only to it."""

    kernel: Literal["poly", "rbf"]
    C: Positive
    gamma: Annotated[
        float | Literal["scale", "auto"],
        _number("a number above 0, `scale` or `auto`", lambda value: value > 0, "scale", "auto"),
    ]
    degree: Annotated[int, _whole(1)] | None = None

    @model_validator(mode="after")
    def _degree_belongs_to_poly(self) -> SvmConfig:
        if (self.kernel == "poly") != (self.degree is not None):
            raise ValueError("degree is needed with kernel poly, and has no meaning with rbf")
        return self


class Svm(Block):
    """Settings shared by all support vector machines, and the configurations by name."""

    scaling: Literal["standard", "minmax", "none"]
    max_iter: Annotated[
        int,
        _number(
            "a whole number from 1, or -1 for no limit", lambda value: value == -1 or value >= 1, kinds=(int,)
        ),
    ]
    cache_size: Count
    configs: Annotated[dict[Name, SvmConfig], Field(min_length=1)]


class Target(Block):
    """A device and how it is used."""

    device: Literal["cpu", "cuda", "mps"]
    precision: Precision
    threads: Annotated[int | Literal["all"], _whole(1, "all")]
    memory_format: MemoryFormat


class Scaling(Block):
    """Sizes at which growth is measured: three or more on each axis, rising."""

    batch_sizes: Axis[Annotated[int, _whole(2)]]
    image_sizes: Axis[Annotated[int, _whole(28)]]
    svm_samples: Axis[Annotated[int, _whole(CLASSES)]]
    svm_image_sizes: Axis[Annotated[int, _whole(4)]]

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
    batch_sizes: Axis[Annotated[int, _whole(2)]]
    image_size: ImageSize
    channels: Channels
    learning_rate: Positive
    warmup_steps: Count
    settle_steps: Count
    block_steps: Count
    blocks: Annotated[int, _whole(5)]
    agreement_steps: Count
    scaling: Scaling
    svm: SvmConfig
    seed: Seed
    targets: Annotated[dict[Name, Target], Field(min_length=1)]


class Hardware(Block):
    """The machines whose records the report shows, and what is measured."""

    machines: Axis[Name]
    measure: Measure


class Profile(Block):
    """A complete alternative to the blocks of the same names."""

    data: Data
    train: Train
    svm: Svm
    hardware: Hardware


class Params(Block):
    """All of params.yaml."""

    datasets: Axis[DatasetName]
    data: Data
    optimizers: Optimizers
    train: Train
    svm: Svm
    hardware: Hardware
    profiles: dict[Name, Profile]

    @model_validator(mode="after")
    def _grid_is_finite(self) -> Params:
        profiles = {f"profiles.{name}.train": profile.train for name, profile in self.profiles.items()}
        for source, train in {"train": self.train, **profiles}.items():
            axes = (len(getattr(train.grid, axis)) for axis in Grid.model_fields)
            runs = math.prod(axes, start=len(self.datasets))
            if runs > MOST_RUNS:
                raise ValueError(f"{source}.grid asks for {runs} runs; at most {MOST_RUNS}")
        return self


def read_yaml(path: Path) -> Any:
    """The content of a YAML 1.2 file, read as DVC reads it.

    Raises:
        InputError: the file is missing, cannot be read or is no YAML (says where), or its aliases stand for
            more than any memory holds.
    """
    yaml = YAML(typ="safe", pure=True)
    try:
        with warnings.catch_warnings(action="ignore"):  # of what YAML 1.1 meant otherwise
            node = yaml.compose(path.read_text(encoding="utf-8"))
            if _written_out(node, {}) > MOST_NODES:
                raise InputError(f"{path.name}: more than {MOST_NODES} values with its aliases written out")
            return None if node is None else yaml.constructor.construct_document(node)
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{path} is missing; `git checkout {path.name}` brings it back") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path.name}: not UTF-8 text (byte {error.start})") from None
    except RecursionError:
        raise InputError(f"{path.name}: nested too deeply") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InputError(f"{path.name}{where}: not valid YAML: {one_line(str(error.problem))}") from None
    except (YAMLError, ValueError) as error:
        raise InputError(f"{path.name}: not valid YAML: {one_line(str(error))}") from None
    except Exception:  # noqa: BLE001  # ruamel trips over its own feet, as at `!!bool maybe`
        raise InputError(f"{path.name}: not valid YAML: a value does not fit its tag") from None


def _written_out(node: Node | None, known: dict[int, int]) -> int:
    """How many nodes there would be if every alias were replaced by what it stands for."""
    if id(node) not in known:
        known[id(node)] = MOST_NODES + 1  # what holds itself has no end
        match node:
            case MappingNode():
                parts = [part for pair in node.value for part in pair]
            case SequenceNode():
                parts = node.value
            case _:
                parts = []
        known[id(node)] = 1 + sum(_written_out(part, known) for part in parts)
    return known[id(node)]


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
    try:
        return Params.model_validate(content)
    except ValidationError as error:
        raise InputError(explain(error, Params, source)) from None


def load_params(path: Path) -> Params:
    """Read and validate params.yaml; raises InputError as `read_yaml` and `parse_params` do."""
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise InputError(f"{path.name}: larger than {MOST_BYTES >> 10} KiB")
    return parse_params(read_yaml(path), path.name)
