"""All results as one tidy table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

import pandas as pd

from gridpress.families.baselines import BASELINES
from gridpress.families.networks import NETWORKS
from gridpress.families.svms import SVMS
from gridpress.report.analysis import confusions
from gridpress.report.analysis.best import of_family, overall, seed_interval, seeds_of
from gridpress.report.data.frames import MEASURED, MEASURES, MISSING, measures_of, rows_of
from gridpress.report.data.study import Study
from gridpress.results.summary import REPORTED
from gridpress.stats.intervals import wilson
from gridpress.study.grid import CONFIGURATION
from gridpress.study.records.runs import Evaluation

COLUMNS = [
    "family",
    *CONFIGURATION,
    "kernel",
    "degree",
    "C",
    "gamma",
    "estimator",
    "parameters_of_estimator",
    "epoch",
    "stopped",
    "state",
    "chosen",
    "seeds",
    "train_accuracy",
    *MEASURES,
    "test_images",
    *(f"test_{name}_{end}" for name in REPORTED for end in ("low", "high")),
    "seeds_low",
    "seeds_high",
    "training_seconds",
    "parameters",
    "support_vectors",
    "stored_numbers",
    "records",
]
WHOLE = [
    *("batch_size", "degree", "epoch", "seeds", "test_images", "parameters", "support_vectors"),
    "stored_numbers",
]


def tidy(study: Study) -> pd.DataFrame:
    """One row per configuration and milestone, networks first; shares from 0 to 1, times in seconds.

    `test_accuracy_low` and `_high` are the Wilson interval over the test images, those of balanced accuracy
    and macro F1 bootstrap intervals (of the mean over seeds, as if it were one classifier); `seeds_low` and
    `seeds_high` the t interval of the mean accuracy over seeds. `stopped` has the epoch that early stopping
    kept of each seed, of at most `epoch`, and `records` the files, joined by blanks.
    """
    rows = [*_networks(study), *_svms(study), *_baselines(study)]
    return pd.DataFrame(rows).reindex(columns=COLUMNS).astype(dict.fromkeys(WHOLE, "Int64"))


def _networks(study: Study) -> Iterator[dict[str, Any]]:
    for row in rows_of(study.configurations):
        seeds = seed_interval(study, row)
        tested = [candidate.tested for candidate in seeds_of(study, row)]
        kept = [str(one.kept) for one in tested if one.kept is not None]
        yield {
            **row,
            **_intervals(study, row["dataset"], [one.test for one in tested]),
            "stopped": " ".join(kept) or None,
            "family": NETWORKS.singular,
            "seeds_low": seeds.low,
            "seeds_high": seeds.high,
            "records": " ".join(study.sources("train", row["keys"])),
        }


def _svms(study: Study) -> Iterator[dict[str, Any]]:
    for row in rows_of(study.svms):
        record = study.svm.get(row["key"])
        yield {
            **row,
            **_intervals(study, row["dataset"], [record.test] if record else []),
            "family": SVMS.singular,
            "training_seconds": row["fit_seconds"],
            "records": study.source("svm", row["key"]),
        }


def _baselines(study: Study) -> Iterator[dict[str, Any]]:
    chosen = {best.key for best in overall(of_family(study, BASELINES)).values()}
    for key, run in study.baseline_runs.items():
        record = study.records[BASELINES.stage].get(key)
        timing = study.times.timings[BASELINES.stage].get(key)
        yield {
            "dataset": run.dataset,
            "family": BASELINES.singular,
            "estimator": run.config.estimator,
            "parameters_of_estimator": json.dumps(run.config.parameters),
            "state": MEASURED if record else MISSING,
            "chosen": key in chosen,
            **({"train_accuracy": record.train_accuracy, "stored_numbers": record.stored} if record else {}),
            **measures_of(BASELINES.tested(record)[0] if record else None),
            **_intervals(study, run.dataset, [record.test] if record else []),
            "training_seconds": timing.fit_seconds if timing else None,
            "records": study.source(BASELINES.stage, key),
        }


def _intervals(study: Study, dataset: str, seeds: Sequence[Evaluation]) -> dict[str, float]:
    """Of the mean over seeds; nothing where none was tested."""
    if not seeds:
        return {}
    images = seeds[0].images
    found = confusions.intervals(study, dataset, [seed.misclassified for seed in seeds])._asdict()
    accuracy = fmean(seed.accuracy for seed in seeds)
    found["accuracy"] = wilson(accuracy * images, images)
    ends = {f"test_{name}_{end}": getattr(found[name], end) for name in REPORTED for end in ("low", "high")}
    return {"test_images": images, **ends}
