"""One meaning per colour, marker and dash throughout the report."""

from __future__ import annotations

from collections.abc import Sequence

from gridpress.report.presentation import style

MODELS = ("resnet18", "resnet50", "resnet34", "resnet101", "resnet152")
KERNELS = ("poly", "rbf", "linear", "sigmoid")
CLASSIFIERS = (*MODELS[:3], *KERNELS[:2], *MODELS[3:], *KERNELS[2:])
OPTIMIZERS = ("sgd", "adam")


def colour(classifier: str) -> str:
    """The colour of a network or kernel."""
    return _of(style.SERIES, CLASSIFIERS, classifier)


def marker(classifier: str) -> str:
    """The marker of a network or kernel."""
    return _of(style.MARKERS, CLASSIFIERS, classifier)


def _of(values: Sequence[str], names: Sequence[str], name: str) -> str:
    return values[names.index(name) % len(values)]
