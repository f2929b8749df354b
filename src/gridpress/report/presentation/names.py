"""How datasets, axes and their values are written for a reader."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gridpress.config.values import Metric
from gridpress.families.baselines import TITLES
from gridpress.families.networks import NETWORKS
from gridpress.families.svms import KERNELS
from gridpress.networks import names

AXIS_TITLES = {
    "dataset": "Dataset",
    "model": "Model",
    "batch_size": "Batch size",
    "optimizer": "Optimizer",
    "learning_rate": "Learning rate",
    "precision": "Precision",
    "data_memory": "Data in",
    "recipe": "Recipe",
    "seed": "Seed",
    "epoch": "Epochs",
    "kernel": "Kernel",
    "degree": "Degree",
    "C": "C",
    "gamma": "Gamma",
}
METRIC_TITLES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "macro_f1": "macro F1",
    "log_loss": "log loss",
}
SVM_AXES = ("degree", "C", "gamma")  # which tell the SVMs of one kernel apart
WORDS = {
    "sgd": "SGD",
    "adam": "Adam",
}
ABSENT = "–"


def shown(value: Any) -> str:
    """A parameter's value in words: `resnet18` is ResNet-18, 0.0001 stays 0.0001."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ABSENT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}".replace("e-0", "e-")
    text = str(value)
    if text in names.NETWORKS:
        return NETWORKS.title(text)
    return KERNELS.get(text) or TITLES.get(text) or WORDS.get(text, text)


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final


def best_validation(metric: Metric) -> str:
    """What configurations are chosen by: `highest validation accuracy`, `lowest validation log loss`."""
    return f"{'lowest' if metric == 'log_loss' else 'highest'} validation {METRIC_TITLES[metric]}"


def with_article(noun: str) -> str:
    """`a ResNet-18 training step`, `an SVM fit`, by the sound that it begins with."""
    letters = noun.split("-", maxsplit=1)[0].split(maxsplit=1)[0]
    spelled = letters.isupper() and len(letters) > 1
    return f"{'an' if noun[0] in ('AEFHILMNORSX' if spelled else 'AEIOaeio') else 'a'} {noun}"


def configuration(row: Mapping[str, Any], axes: Sequence[str]) -> str:
    """One grid configuration in words, such as `ResNet-18, batch size 16, SGD, learning rate 0.001`."""
    titled = {"batch_size", "learning_rate", "recipe", "seed", "degree", "C", "gamma"}
    parts = []
    for axis in axes:
        if row[axis] is None or row[axis] != row[axis]:  # NaN: a setting that it has not
            continue
        title = AXIS_TITLES.get(axis, axis)
        title = title if axis == "C" or axis not in AXIS_TITLES else title.lower()
        named = axis in titled or axis not in AXIS_TITLES
        parts.append(f"{title} {shown(row[axis])}" if named else shown(row[axis]))
    return ", ".join(parts)


def percent(share: float | None, digits: int = 2) -> str:
    """A share as a percentage without its sign: 0.9931 is 99.31."""
    return ABSENT if share is None or math.isnan(share) else f"{100 * share:.{digits}f}"


def points(difference: float, digits: int = 2) -> str:
    """A difference of shares in percentage points, with its sign and a true minus."""
    return f"{100 * difference:+.{digits}f}".replace("-", "−")


def seconds(duration: float | None) -> str:
    """A duration with three significant digits: 0.0123 s, 4.56 s, 12.3 min."""
    if duration is None or math.isnan(duration):
        return ABSENT
    if duration >= 5400:
        return f"{duration / 3600:.3g} h"
    if duration >= 120:
        return f"{duration / 60:.3g} min"
    if duration >= 1:
        return f"{duration:.3g} s"
    return f"{1000 * duration:.3g} ms"


def in_seconds(durations: Sequence[float]) -> list[str]:
    """A column of seconds without unit, with up to three decimals: the shortest has three digits."""
    known = [duration for duration in durations if duration > 0]
    digits = min(3, max(0, 2 - math.floor(math.log10(min(known))))) if known else 0
    return [ABSENT if math.isnan(duration) else f"{duration:.{digits}f}" for duration in durations]


def p_value(p: float) -> str:
    """`0.012`, or `< 0.001`."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def two_digits(number: float) -> float:
    """Rounded to two significant digits: of what is interpolated."""
    return float(f"{number:.2g}")


def count(number: float) -> str:
    """A whole number with thin spaces between thousands."""
    return ABSENT if math.isnan(number) else f"{number:,.0f}".replace(",", "\u202f")
