"""What an SVM costs: fitted by scikit-learn alone, and as the study does."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gridpress.benchmark.records.timing import BlockTiming, TimingInterval
from gridpress.study.records.base import RecordPart, Share


class SvmTimes(RecordPart):
    """An SVM with its kernel computed in one of two ways."""

    fit: BlockTiming
    predict: BlockTiming


class SvmCost(RecordPart):
    """scikit-learn's SVC computing its kernel itself, and as the study fits it, both in one thread."""

    samples: int = Field(description="images fitted on; as many others are predicted")
    scaling: Literal["standard", "minmax", "none"]
    max_iter: int
    cache_size: int = Field(description="MB")
    own: SvmTimes
    study: SvmTimes = Field(
        description="by `gridpress.classical.svc`, a kernel matrix's computation included"
    )
    kernel_values: Literal["precomputed", "on demand"] = Field(description="of the study's way")
    fit_speedup: TimingInterval = Field(description="own kernel over the study's way")
    predict_speedup: TimingInterval = Field(description="own kernel over the study's way")
    equal_predictions: Share
