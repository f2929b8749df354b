"""What each file under `metrics/` holds; written whole or not at all, checked when read.

A result record holds nothing that varies between two runs of the same stage. Seconds, machine and
versions are in the timing record of the same key.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Annotated, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from gridpress.errors import GridpressError
from gridpress.machine import Machine
from gridpress.messages import explain
from gridpress.params import SvmConfig

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Label = Annotated[int, Field(ge=0, le=9)]

R = TypeVar("R", bound=BaseModel)


class Part(BaseModel):
    """A mapping inside a record: unknown keys and wrong types are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Record(Part):
    """A file of its own; `schema_version` rises whenever the meaning of the file changes."""

    current: ClassVar[int] = 1
    schema_version: int

    @model_validator(mode="before")
    @classmethod
    def _is_current(cls, content: object) -> object:
        if isinstance(content, dict) and content.get("schema_version") != cls.current:
            raise ValueError(
                f"this record has schema version {content.get('schema_version')}, "
                f"this Gridpress reads {cls.current}; run its stage again"
            )
        return content


class Predictions(Part):
    """The test images that a classifier got wrong: index among the pooled 70,000, and its answer."""

    index: list[Count]
    predicted: list[Label]


class Epoch(Part):
    """State at the end of one epoch."""

    epoch: int
    loss: float = Field(description="mean cross-entropy over the epoch's training images, nats")
    train_accuracy: Share
    validation_accuracy: Share


class Milestone(Part):
    """What is kept at an epoch of `train.milestones`."""

    epoch: int
    train_accuracy: Share
    validation_accuracy: Share
    test_accuracy: Share
    misclassified: Predictions


class TrainRecord(Record):
    """One training run."""

    key: str
    dataset: str
    model: str
    batch_size: int
    optimizer: str
    learning_rate: float
    precision: str
    data_memory: str
    seed: int
    epochs: int
    image_size: int
    channels: int
    threads: int
    device: Literal["cpu", "cuda", "mps"]
    parameters: int
    train_samples: int
    train_eval_samples: int
    val_samples: int
    test_samples: int
    diverged_at_epoch: int | None
    milestones: list[Milestone]
    history: list[Epoch]  # last: `dvc plots` lays lists over one another, and this is the one to see


class SvmRecord(Record):
    """One support vector machine."""

    key: str
    dataset: str
    name: str
    config: SvmConfig
    scaling: str
    max_iter: int
    train_samples: int
    val_samples: int
    test_samples: int
    train_accuracy: Share
    validation_accuracy: Share
    test_accuracy: Share
    support_vectors: list[int] = Field(description="number per class")
    converged: bool
    kernel_values: Literal["precomputed", "on demand"] = Field(
        description="all from one matrix product, or each by libsvm when it needs it"
    )
    misclassified: Predictions


class TrainTiming(Record):
    """Seconds of a training run, and where it ran."""

    key: str
    training_seconds: list[float] = Field(description="one value per epoch, optimisation only")
    evaluation_seconds: list[float] = Field(description="one value per epoch")
    resumed_at_epoch: int | None
    machine: Machine


class SvmTiming(Record):
    """Seconds of a support vector machine, and where it ran."""

    key: str
    fit_seconds: float
    predict_seconds: float = Field(description="validation and test images")
    machine: Machine


class Sample(Part):
    """One image for the report."""

    index: int
    label: Label
    pixels: str = Field(description="784 bytes, row by row, in base64")


class DataRecord(Record):
    """A fetched dataset: what it is, not where it came from."""

    dataset: str
    sha256: dict[str, str] = Field(description="of each decompressed IDX file, by its name")
    images: int
    class_counts: list[int]
    labels: str = Field(description="one digit per pooled image: what misclassified images really show")
    samples: list[Sample]


def dumps(record: BaseModel) -> str:
    """JSON with one key a line and lists of numbers on one line, the same bytes every time."""
    text = json.dumps(record.model_dump(), indent=1, allow_nan=False, ensure_ascii=True)
    return re.sub(r"\[\n\s*([-\d.eE+,\s]+?)\n\s*\]", _joined, text) + "\n"


def _joined(match: re.Match[str]) -> str:
    return "[" + ", ".join(part.strip() for part in match[1].split(",")) + "]"


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: temporary file, fsync, rename.

    Raises:
        GridpressError: the file cannot be written; names path and reason.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise GridpressError(f"cannot write {path}: {error.strerror}") from None


def write_text(path: Path, text: str) -> None:
    """Write UTF-8; raises GridpressError as `write_bytes` does."""
    write_bytes(path, text.encode())


def save(record: BaseModel, path: Path) -> None:
    """Write a record; raises GridpressError as `write_bytes` does."""
    write_text(path, dumps(record))


def load(model: type[R], path: Path) -> R:
    """Read and check a record.

    Raises:
        GridpressError: the file is missing, no JSON, or not what `model` describes; names it.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GridpressError(f"{path} is missing; `dvc repro` makes it") from None
    except OSError as error:
        raise GridpressError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise GridpressError(
            f"{path} is not JSON ({error}); `git checkout` or `dvc repro` restores it"
        ) from None
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise GridpressError(explain(error, model, str(path))) from None
