"""What reading a record shows, of whatever family: whether it agrees with itself and with the labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridpress.data.loading import Labels
from gridpress.evaluation.scores import confusion, scores
from gridpress.messages import counted
from gridpress.study import expected
from gridpress.study.records.runs import Evaluation, Predictions, RunRecord


def other_parameters(record: RunRecord, wanted: Mapping[str, Any]) -> Iterator[str]:
    """The fields that are not as params.yaml wants them."""
    for name, found in expected.mismatches(record, wanted).items():
        yield f"{name} is {found}, params.yaml asks for {wanted[name]}"


def no_share(name: str, value: float, images: int) -> Iterator[str]:
    """An accuracy that no number of these images gives."""
    if round(value * images) / images != value:
        yield f"{name} is {value}, which is no share of {images} images"


def contradictions(
    where: str, found: Evaluation, labels: Labels, index: NDArray[np.int64], classes: int
) -> Iterator[str]:
    """Faults of the answers to a split: of the list of misclassified images, and of what follows from it.

    Log loss and confidences do not follow from answers; they are held against one another.

    Args:
        where: the split, for the message.
        found: what the record says.
        labels: of all pooled images.
        index: of the images of the split.
        classes: their number.
    """
    wrong = found.misclassified
    faults = [*_impossible(wrong, labels, index, classes)]
    yield from (f"{where}.{fault}" for fault in faults)
    if found.images != len(index):
        yield f"{where}.images is {found.images}, params.yaml asks for {len(index)}"
    bins = found.reliability
    if sum(bins.images) != found.images or sum(bins.correct) != found.images - len(wrong.index):
        yield f"{where}.reliability counts other images than the answers"
    if faults:
        return
    answers = np.array(labels)
    answers[wrong.index] = wrong.predicted
    real = scores(confusion(labels[index], answers[index], classes))
    for name, value in real._asdict().items():
        if getattr(found, name) != float(value):
            yield (
                f"{where}.{name} is {getattr(found, name)}, but {len(wrong.index)} misclassified of "
                f"{len(index)} images give {float(value)}"
            )


def _impossible(wrong: Predictions, labels: Labels, images: NDArray[np.int64], classes: int) -> Iterator[str]:
    index = wrong.index
    if (largest := max(wrong.predicted, default=0)) >= classes:
        yield f"misclassified.predicted holds {largest}, where there are {classes} classes"
    if index != sorted(set(index)):
        yield "misclassified.index does not rise"
    if elsewhere := sorted(set(index) - set(images.tolist())):
        yield f"misclassified.index holds {_some(elsewhere)} outside of the split"
    pairs = zip(index, wrong.predicted, strict=True)
    if right := [image for image, answer in pairs if image < len(labels) and labels[image] == answer]:
        yield f"misclassified holds {_some(right)} with the true class as prediction"


def _some(images: Sequence[int]) -> str:
    return f"{counted(len(images), 'image')}, such as {images[0]}"
