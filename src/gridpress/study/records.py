"""What each file under `metrics/` holds; written whole or not at all, checked when read.

A result record holds nothing that varies between two runs of the same stage. Seconds, machine and
versions are in the timing record of the same key.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from gridpress.config.params import Adam, Sgd, SvmConfig
from gridpress.config.values import DataMemory, DatasetName, ModelName, Name, OptimizerName, Precision
from gridpress.errors import GridpressError
from gridpress.files import write_result
from gridpress.messages import explain, one_line
from gridpress.system.clock import Clock
from gridpress.system.machine import Machine

PIXELS = 28 * 28
LARGEST = 1 << 26  # bytes; the largest record of a long study has a few hundred thousand


def _image(pixels: str) -> str:
    if len(base64.b64decode(pixels, validate=True)) != PIXELS:
        raise ValueError(f"must be {PIXELS} bytes in base64")
    return pixels


Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Label = Annotated[int, Field(ge=0, le=9)]
SplitSizes = dict[Literal["train", "validation", "test"], Count]  # images in each split of the pooled 70,000
Pixels = Annotated[str, AfterValidator(_image)]

R = TypeVar("R", bound=BaseModel)


class Part(BaseModel):
    """A mapping inside a record: unknown keys, wrong types and numbers that JSON lacks are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Record(Part):
    """A file of its own; `schema_version` rises whenever the meaning of the file changes."""

    current: ClassVar[int] = 1
    named_by: ClassVar[str | None] = None  # the field that the file is named by
    schema_version: int

    @model_validator(mode="before")
    @classmethod
    def _is_current(cls, content: object) -> object:
        if isinstance(content, dict) and content.get("schema_version") != cls.current:
            raise ValueError(
                f"this record has schema version {one_line(str(content.get('schema_version')))}, "
                f"this Gridpress reads {cls.current}; run its stage again"
            )
        return content


class Predictions(Part):
    """The test images that a classifier got wrong: index among the pooled 70,000, and its answer."""

    index: list[Count]
    predicted: list[Label]

    @model_validator(mode="after")
    def _belong_together(self) -> Predictions:
        if len(self.index) != len(self.predicted):
            raise ValueError(f"{len(self.index)} images, but {len(self.predicted)} answers")
        return self


class Epoch(Part):
    """State at the end of one epoch."""

    epoch: Count
    loss: float = Field(description="mean cross-entropy over the epoch's training images, nats")
    train_accuracy: Share
    validation_accuracy: Share


class Milestone(Part):
    """What is kept at an epoch of `Train.test_epochs`."""

    epoch: Count
    train_accuracy: Share
    validation_accuracy: Share
    test_accuracy: Share
    misclassified: Predictions


class TrainRecord(Record):
    """One training run."""

    current = 2
    named_by = "key"
    key: str
    dataset: DatasetName
    model: ModelName
    batch_size: Count
    optimizer: OptimizerName
    learning_rate: float
    precision: Precision
    data_memory: DataMemory
    seed: Count
    epochs: Count
    image_size: Count
    channels: Count
    threads: Count
    device: Literal["cpu", "cuda", "mps"]
    optimizer_settings: Sgd | Adam
    parameters: Count
    data_seed: Count
    split_sizes: SplitSizes
    train_samples: Count
    train_eval_samples: Count
    val_samples: Count
    test_samples: Count
    diverged_at_epoch: Count | None
    milestones: list[Milestone]
    history: list[Epoch]  # last: `dvc plots` lays lists over one another, and this is the one to see


class SvmRecord(Record):
    """One support vector machine."""

    current = 2
    named_by = "key"
    key: str
    dataset: DatasetName
    name: Name
    config: SvmConfig
    scaling: str
    max_iter: int
    data_seed: Count
    split_sizes: SplitSizes
    train_samples: Count
    val_samples: Count
    test_samples: Count
    train_accuracy: Share
    validation_accuracy: Share
    test_accuracy: Share
    support_vectors: list[Count] = Field(description="number per class")
    converged: bool
    kernel_values: Literal["precomputed", "on demand"] = Field(
        description="all from one matrix product, or each by libsvm when it needs it"
    )
    misclassified: Predictions


class TrainTiming(Record):
    """Seconds of a training run, and where it ran."""

    current = 2
    named_by = "key"
    key: str
    clock: Clock = Field(description="processor time of the run's one thread, or wall time")
    training_seconds: list[Seconds] = Field(description="one value per epoch, optimisation only")
    evaluation_seconds: list[Seconds] = Field(description="one value per epoch")
    resumed_at_epoch: Count | None
    machine: Machine


class SvmTiming(Record):
    """Seconds of a support vector machine, and where it ran."""

    current = 2
    named_by = "key"
    key: str
    clock: Clock = Field(description="processor time of the one thread that fits and predicts")
    fit_seconds: Seconds
    predict_seconds: Seconds = Field(description="validation and test images")
    machine: Machine


class Sample(Part):
    """One image for the report."""

    index: Count
    label: Label
    pixels: Pixels = Field(description="784 bytes, row by row, in base64")


class DataRecord(Record):
    """A fetched dataset: what it is, not where it came from."""

    named_by = "dataset"
    dataset: DatasetName
    sha256: dict[str, str] = Field(description="of each decompressed IDX file, by its name")
    images: Count
    class_counts: list[Count]
    labels: str = Field(
        pattern=r"^[0-9]*$", description="one digit per pooled image: what misclassified images really show"
    )
    samples: list[Sample]


class ImagesRecord(Record):
    """The few test images of each dataset that the report shows as errors, by index."""

    datasets: dict[DatasetName, list[Sample]]


def dumps(record: BaseModel) -> str:
    """JSON with one key a line and lists of numbers on one line, the same bytes every time."""
    text = json.dumps(record.model_dump(), indent=1, allow_nan=False, ensure_ascii=True)
    return re.sub(r"\[\n\s*([-\d.eE+,\s]+?)\n\s*\]", _joined, text) + "\n"


def _joined(match: re.Match[str]) -> str:
    return "[" + ", ".join(part.strip() for part in match[1].split(",")) + "]"


def save(record: BaseModel, path: Path) -> None:
    """Write a record; raises GridpressError as `write_result` does."""
    write_result(path, dumps(record))


def load(model: type[R], path: Path) -> R:
    """Read and check a record.

    Raises:
        GridpressError: the file is missing, no JSON, not what `model` describes, or the record of something
            else than its name says; names it.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise GridpressError(f"{path} is larger than any record; `gridpress check` says what restores it")
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GridpressError(f"{path} is missing; `dvc repro` makes it") from None
    except OSError as error:
        raise GridpressError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise GridpressError(
            f"{path} is not JSON ({one_line(str(error))}); `gridpress check` says what restores it"
        ) from None
    try:
        record = model.model_validate(content, strict=True)
    except ValidationError as error:
        raise GridpressError(explain(error, model, str(path))) from None
    if isinstance(record, Record) and record.named_by is not None:
        found = str(getattr(record, record.named_by))
        if found != path.stem:
            raise GridpressError(
                f"{path} is the record of {one_line(found)}; `gridpress check` says what restores it"
            )
    return record
