"""What a second or a FLOP of training buys in accuracy, as a data frame."""

from __future__ import annotations

import pandas as pd

from gridpress.benchmark.cost import TRAINING_FACTOR
from gridpress.report.analysis.network_costs import cost
from gridpress.report.data.study import Study
from gridpress.report.sections.hardware.accuracy import Trained, trained

SPENT = ("per_second", "per_teraflop")
COLUMNS = (
    *("dataset", "model", "optimizer", "precision", "epochs", "accuracy", "low", "high", "seconds", "flops"),
    *(f"{name}{end}" for name in SPENT for end in ("", "_low", "_high")),
)


def gains(study: Study) -> pd.DataFrame:
    """One row per dataset, network, optimizer and precision that was trained and timed.

    The gain is test accuracy over chance, of the configuration that validation chose; `per_second` is the
    gain in percentage points over seconds of training, `per_teraflop` over FLOPs of the training (fvcore's
    count, three forward passes a step, all taps of all kernels), both with the interval of the accuracy.
    """
    rows = [_row(study, entry) for entry in trained(study) if entry.seconds > 0]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(study: Study, entry: Trained) -> tuple[object, ...]:
    forward = cost(entry.architecture).flops_fvcore
    flops = TRAINING_FACTOR * entry.epochs * study.used(entry.dataset, "train") * forward
    chance = 1 / len(study.classes(entry.dataset))
    ends = (entry.accuracy, entry.interval.low, entry.interval.high)
    per_second, per_teraflop = (
        [100 * (value - chance) / spent for value in ends] for spent in (entry.seconds, flops / 1e12)
    )
    names = (entry.dataset, entry.model, entry.optimizer, entry.precision, entry.epochs)
    return (*names, *ends, entry.seconds, flops, *per_second, *per_teraflop)
