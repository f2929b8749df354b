"""The one place where a configuration is chosen: by validation accuracy, never by test accuracy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


def chosen(candidates: Iterable[T], validation: Callable[[T], float | None]) -> T | None:
    """The candidate of highest validation accuracy; of equals, the first.

    Candidates come in grid order with earlier milestones first, so that a tie is decided for the
    shorter training, and the same way every time.

    Args:
        candidates: configurations, each perhaps at a milestone.
        validation: validation accuracy of one (mean over its seeds), or None where it has none
            because it diverged or is missing.

    Returns:
        The choice, or None where no candidate has a validation accuracy.
    """
    best: T | None = None
    highest = float("-inf")
    for candidate in candidates:
        accuracy = validation(candidate)
        if accuracy is not None and accuracy > highest:  # NaN is never above
            best, highest = candidate, accuracy
    return best
