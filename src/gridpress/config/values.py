"""What single values of params.yaml and of records may be."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import AfterValidator, Field, PlainValidator

from gridpress.messages import nearest
from gridpress.networks.names import NETWORKS, OWN

# Beyond these a value is a mistake or an attack; nothing may hang or fill the memory.
LARGEST = 2**32 - 1  # whole number: the largest seed that every library takes
LONGEST_NAME = 100  # characters: file names are made of it
MOST_VALUES = 1000  # on an axis
SMALLEST_SIDE, LARGEST_SIDE = 8, 1024  # pixels of the images that a network receives

T = TypeVar("T")


def number(
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


def whole(least: int, *words: str) -> PlainValidator:
    """A whole number from `least`, or one of `words`."""
    wanted = " or ".join([f"a whole number from {least}", *(f"`{word}`" for word in words)])
    return number(wanted, lambda value: value >= least, *words, kinds=(int,))


def _distinct(values: list[T]) -> list[T]:
    if len(set(values)) != len(values):
        raise ValueError("may hold every value only once")
    return values


def _unique(values: list[T]) -> list[T]:
    if not values:
        raise ValueError("needs at least one value")
    return _distinct(values)


def _network(name: str) -> str:
    if name not in NETWORKS:
        raise ValueError(
            f"must be a classification network of torchvision, or one of {', '.join(OWN)}."
            f"{nearest(name, NETWORKS)}"
        )
    return name


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line of printable text")
    return text


def _below(path: str) -> str:
    if PurePosixPath(path).is_absolute() or PureWindowsPath(path).drive or ".." in re.split(r"[/\\]", path):
        raise ValueError("must be a path below the study's folder")
    return path


def _key(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ValueError(
            'must be made of letters, digits, "_" and "-" and begin with a letter or digit, as stages are '
            "named by it"
        )
    if len(name) > LONGEST_NAME:
        raise ValueError(f"must be at most {LONGEST_NAME} characters long, as files are named by it")
    return name


Axis = Annotated[list[T], Field(max_length=MOST_VALUES), AfterValidator(_unique)]
Line = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_one_line)]
PathBelow = Annotated[Line, AfterValidator(_below)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Name = Annotated[str, AfterValidator(_key)]
Seed = Annotated[int, whole(0)]
Count = Annotated[int, whole(1)]
Epochs = Annotated[list[Count], Field(max_length=MOST_VALUES), AfterValidator(_distinct)]  # may be none
Samples = Annotated[int | Literal["all"], whole(2, "all")]
Positive = Annotated[float, number("a number above 0", lambda value: value > 0)]
PositiveShare = Annotated[float, number("a number above 0 and at most 1", lambda value: 0 < value <= 1)]
ShareBelowOne = Annotated[float, number("a number from 0 to below 1", lambda value: 0 <= value < 1)]
Penalty = Annotated[float, number("a number from 0", lambda value: value >= 0)]

NetworkName = Annotated[str, AfterValidator(_network)]
OptimizerName = Literal["sgd", "adam"]
Precision = Literal["fp32", "bf16", "fp16"]
DataMemory = Literal["device", "pageable", "pinned"]
Metric = Literal["accuracy", "balanced_accuracy", "macro_f1", "log_loss"]
METRICS: tuple[Metric, ...] = get_args(Metric)
Scaling = Literal["standard", "minmax", "none"]
Kernel = Literal["linear", "poly", "rbf", "sigmoid"]
MemoryFormat = Literal["contiguous", "channels_last"]
ImageSize = Annotated[
    int,
    number(
        f"a whole number from {SMALLEST_SIDE} to {LARGEST_SIDE}",
        lambda side: SMALLEST_SIDE <= side <= LARGEST_SIDE,
        kinds=(int,),
    ),
]
Channels = Literal[1, 3]
