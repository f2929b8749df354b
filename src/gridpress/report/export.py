"""All results as one tidy table."""

from __future__ import annotations

import pandas as pd

from gridpress.families.networks import NETWORKS
from gridpress.families.svms import SVMS
from gridpress.report.analysis.best import seed_interval
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.stats.intervals import wilson
from gridpress.study.grid import CONFIGURATION

COLUMNS = [
    "family",
    *CONFIGURATION,
    "kernel",
    "degree",
    "C",
    "gamma",
    "epoch",
    "state",
    "chosen",
    "seeds",
    "train_accuracy",
    "validation_accuracy",
    "test_accuracy",
    "test_images",
    "test_low",
    "test_high",
    "seeds_low",
    "seeds_high",
    "training_seconds",
    "parameters",
    "support_vectors",
    "records",
]


WHOLE = ["batch_size", "degree", "epoch", "seeds", "test_images", "parameters", "support_vectors"]


def tidy(study: Study) -> pd.DataFrame:
    """One row per configuration and milestone, networks first; shares from 0 to 1, times in seconds.

    `test_low` and `test_high` are the Wilson interval over the test images (of the mean over seeds, as if
    it were one classifier); `seeds_low` and `seeds_high` the t interval of the mean over seeds. `records`
    names the files, joined by blanks.
    """
    networks = []
    for row in rows_of(study.configurations):
        seeds = seed_interval(study, row)
        networks.append(
            {
                **row,
                **_interval(row["test_accuracy"], row["test_samples"]),
                "family": NETWORKS.singular,
                "seeds_low": seeds.low,
                "seeds_high": seeds.high,
                "records": " ".join(study.sources("train", row["keys"])),
            }
        )
    svms = [
        {
            **row,
            **_interval(row["test_accuracy"], row["test_samples"]),
            "family": SVMS.singular,
            "training_seconds": row["fit_seconds"],
            "records": study.source("svm", row["key"]),
        }
        for row in rows_of(study.svms)
    ]
    table = pd.DataFrame([*networks, *svms]).reindex(columns=COLUMNS)
    return table.astype(dict.fromkeys(WHOLE, "Int64"))


def _interval(accuracy: float, images: float) -> dict[str, float]:
    interval = wilson(accuracy * images, images)
    return {"test_images": images, "test_low": interval.low, "test_high": interval.high}
