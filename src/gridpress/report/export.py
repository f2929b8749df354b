"""All results as one tidy table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

import pandas as pd

from gridpress.families.baselines import BASELINES
from gridpress.families.family import Tested
from gridpress.families.networks import NETWORKS
from gridpress.families.registry import AnyFamily
from gridpress.families.svms import SVMS
from gridpress.report.analysis import confusions
from gridpress.report.analysis.best import Origin, of_family, overall, seed_interval, seeds_of
from gridpress.report.analysis.learning_curves import saturation, sizes
from gridpress.report.data.frames import MEASURED, MEASURES, MISSING, measures_of, rows_of
from gridpress.report.data.study import Study
from gridpress.results.selection import Candidate
from gridpress.results.summary import REPORTED
from gridpress.stats.intervals import mean_interval, wilson
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
    "training_images",
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
SIZES = {NETWORKS.stage: "parameters", SVMS.stage: "support_vectors", BASELINES.stage: "stored_numbers"}
WHOLE = [
    *("batch_size", "degree", "training_images", "epoch", "seeds", "test_images"),
    *SIZES.values(),
]


def tidy(study: Study) -> pd.DataFrame:
    """One row per configuration and milestone, networks first, then points of learning curves.

    Shares from 0 to 1, times in seconds.

    `test_accuracy_low` and `_high` are the Wilson interval over the test images, those of balanced accuracy
    and macro F1 bootstrap intervals (of the mean over seeds, as if it were one classifier); `seeds_low` and
    `seeds_high` the t interval of the mean accuracy over seeds. `stopped` has the epoch that early stopping
    kept of each seed, of at most `epoch`, and `records` the files, joined by blanks.
    """
    grid = [*_networks(study), *_svms(study), *_baselines(study)]
    rows = [
        *({**row, "training_images": study.used(row["dataset"], "train")} for row in grid),
        *_curves(study),
    ]
    return pd.DataFrame(rows).reindex(columns=COLUMNS).astype(dict.fromkeys(WHOLE, "Int64"))


def _networks(study: Study) -> Iterator[dict[str, Any]]:
    for row in rows_of(study.configurations):
        seeds = seed_interval(study, row)
        tested = [candidate.tested for candidate in seeds_of(study, row)]
        yield {
            **row,
            **_intervals(study, row["dataset"], [one.test for one in tested]),
            "stopped": _stopped(tested),
            "family": NETWORKS.singular,
            "seeds_low": seeds.low,
            "seeds_high": seeds.high,
            "records": " ".join(study.sources("train", row["keys"])),
        }


def _stopped(tested: Sequence[Tested]) -> str | None:
    return " ".join(str(one.kept) for one in tested if one.kept is not None) or None


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


def _curves(study: Study) -> Iterator[dict[str, Any]]:
    """A row per classifier and number of images, and per longer training and number of epochs."""
    for size in sizes(study):
        yield _point(study, size.family, size.seeds, size.origin)
    for found in saturation(study):
        for state in found.states:
            yield _point(study, NETWORKS, [state], found.origin)


def _point(
    study: Study, family: AnyFamily, seeds: Sequence[Candidate[Any]], origin: Origin
) -> dict[str, Any]:
    record, tested = seeds[0]
    measured = [measures_of(seed.tested) for seed in seeds]
    over_seeds = mean_interval([seed.tested.test.accuracy for seed in seeds])
    return {
        "family": family.singular,
        "dataset": record.dataset,
        **_settings(family, record),
        "training_images": origin.images,
        "epoch": tested.epoch,
        "stopped": _stopped([seed.tested for seed in seeds]),
        "state": MEASURED,
        "seeds": len(seeds),
        **{name: fmean(values[name] for values in measured) for name in MEASURES},
        **_intervals(study, record.dataset, [seed.tested.test for seed in seeds]),
        "seeds_low": over_seeds.low,
        "seeds_high": over_seeds.high,
        "training_seconds": origin.seconds if tested.trained == family.tested(record)[-1].trained else None,
        SIZES[family.stage]: family.size_of(record),
        "records": " ".join(dict.fromkeys(study.sources(origin.folder, origin.keys))),
    }


def _settings(family: AnyFamily, record: Any) -> dict[str, Any]:
    if family is NETWORKS:
        return {axis: getattr(record, axis) for axis in CONFIGURATION}
    if family is SVMS:
        return {name: getattr(record.config, name) for name in ("kernel", "degree", "C", "gamma")}
    return {
        "estimator": record.config.estimator,
        "parameters_of_estimator": json.dumps(record.config.parameters),
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
