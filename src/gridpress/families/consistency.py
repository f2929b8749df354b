"""What reading a record shows, of whatever family: whether it agrees with itself and with the labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridpress.data.loading import Labels
from gridpress.messages import counted
from gridpress.study import expected
from gridpress.study.records.runs import Predictions, RunRecord


def other_parameters(record: RunRecord, wanted: Mapping[str, Any]) -> Iterator[str]:
    """The fields that are not as params.yaml wants them."""
    for name, found in expected.mismatches(record, wanted).items():
        yield f"{name} is {found}, params.yaml asks for {wanted[name]}"


def no_share(name: str, value: float, images: int) -> Iterator[str]:
    """An accuracy that no number of these images gives."""
    if round(value * images) / images != value:
        yield f"{name} is {value}, which is no share of {images} images"


def contradictions_of_test(
    accuracy: float, wrong: Predictions, labels: Labels, test: NDArray[np.int64]
) -> Iterator[str]:
    """Faults of a list of misclassified test images and of the accuracy that it gives."""
    index = wrong.index
    if (real := (len(test) - len(index)) / len(test)) != accuracy:
        yield f"test_accuracy is {accuracy}, but {len(index)} misclassified of {len(test)} images give {real}"
    if index != sorted(set(index)):
        yield "misclassified.index does not rise"
    if elsewhere := sorted(set(index) - set(test.tolist())):
        yield f"misclassified.index holds {_some(elsewhere)} outside the test images"
    pairs = zip(index, wrong.predicted, strict=True)
    if right := [image for image, answer in pairs if image < len(labels) and labels[image] == answer]:
        yield f"misclassified holds {_some(right)} with the true class as prediction"


def _some(images: Sequence[int]) -> str:
    return f"{counted(len(images), 'image')}, such as {images[0]}"
