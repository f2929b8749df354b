"""What grows with what, in words."""

from __future__ import annotations

from gridpress.benchmark.records.cases import TimingInterval
from gridpress.benchmark.records.hardware import Growth
from gridpress.families.svms import SVMS
from gridpress.report.presentation.names import count, shown

SIZES = {"samples": "Images", "pixels": "Pixels of an image"}
AXES = {"samples": "number of images", "pixels": "number of pixels"}


def work(entry: Growth) -> str:
    """What was timed: `SVM fit` or `ResNet-18 training step`."""
    match entry.work:
        case "svm fit":
            return SVMS.run
        case "training step":
            return f"{shown(entry.model)} {entry.work}"


def where(entry: Growth) -> str:
    """` on cpu-1-thread`; nothing of an SVM, which runs on the CPU only."""
    return f" on {entry.target}" if entry.target else ""


def held(entry: Growth) -> str:
    """The size that stays: `of 16 images`, `at 784 pixels`."""
    return f"at {count(entry.held)} pixels" if entry.axis == "samples" else f"of {count(entry.held)} images"


def subject(entry: Growth) -> str:
    """What was timed, with the size that stays: `ResNet-18 training step of 16 images on cpu-1-thread`."""
    return f"{work(entry)} {held(entry)}{where(entry)}"


def order(exponent: TimingInterval) -> str:
    """How time scales, as far as the interval of the exponent tells."""
    if not exponent.excludes(1):
        return "not distinguishable from linear"
    return "superlinear" if exponent.value > 1 else "sublinear"
