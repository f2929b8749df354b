"""Published test accuracies with the same configuration here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pandas as pd

from gridpress.families.networks import NETWORKS
from gridpress.families.svms import SVMS
from gridpress.report.analysis import best
from gridpress.report.data.frames import rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import SVM_AXES, configuration, shown
from gridpress.stats.intervals import Interval, wilson

SHARED = ["dataset", "model", "batch_size", "optimizer", "learning_rate", "epochs"]
SVM_SHARED = ["dataset", "kernel", "C", "gamma"]
WORDS = ["batch_size", "optimizer", "learning_rate"]
COLUMNS = [
    "study",
    "dataset",
    "classifier",
    "words",
    "published",
    "here",
    "low",
    "high",
    "images",
    "trained",
    "size",
    "stage",
    "keys",
]


@lru_cache(maxsize=1)
def as_published(study: Study) -> Study:
    """The study without the records of networks that are trained by other recipes than the published ones."""
    left_out = study.unpublished_recipes
    if not left_out:
        return study

    def without(found: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        runs = study.train_runs
        kept = {key: one for key, one in found[NETWORKS.stage].items() if runs[key].recipe not in left_out}
        return {**found, NETWORKS.stage: kept}

    return replace(study, records=without(study.records), timings=without(study.timings))


def counterparts(study: Study) -> pd.DataFrame:
    """One row per published test accuracy with the same configuration here, the recipe included.

    Columns: study, dataset, classifier and words (its configuration), published and here (shares), low and
    high (95 % interval of `here`), images (trained on, published; NaN where not stated), trained (here), size
    (published image size, NaN where not stated), stage and keys (of the records).
    """
    splits = study.published.studies.set_index("study")["split"]
    return pd.concat([_networks(as_published(study), splits), _svms(study)], ignore_index=True)[COLUMNS]


def _networks(study: Study, splits: pd.Series[str]) -> pd.DataFrame:
    mine = study.configurations.dropna(subset=["test_accuracy"]).rename(columns={"epoch": "epochs"})
    both = study.published.resnet.reset_index(names="row").merge(mine, on=SHARED)
    rows = []
    for row in rows_of(_nearest(both)):
        share = str(splits.get(row["study"])).split("/")[0]
        rows.append(
            {
                **row,
                "stage": NETWORKS.stage,
                "classifier": row["model"],
                "words": ", ".join([*(shown(row[axis]) for axis in WORDS), f"{row['epochs']} epochs"]),
                "published": row["test_acc_pct"] / 100,
                "here": row["test_accuracy"],
                **_ends(best.accuracy_interval(study, {**row, "epoch": row["epochs"]})),
                "images": study.params.dataset(row["dataset"]).images * float(share)
                if share not in ("nan", "")
                else float("nan"),
                "trained": study.used(row["dataset"], "train"),
                "size": row["image_size"],
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _nearest(both: pd.DataFrame) -> pd.DataFrame:
    """Of several precisions, memories or equal recipes, for each published row the one that agrees most.

    The first of them, where the row states neither precision nor memory.
    """
    mixed, pinned = both["precision"] != "fp32", both["data_memory"] == "pinned"
    agrees = (mixed == both["amp"]).astype(int) + (pinned == both["pin_memory"])
    ranked = both.assign(agrees=agrees).sort_values("agrees", ascending=False, kind="stable")
    return ranked.drop_duplicates("row").sort_values("row")


def _svms(study: Study) -> pd.DataFrame:
    mine = study.svms.dropna(subset=["test_accuracy"]).assign(gamma=study.svms["gamma"].astype(str))
    printed = study.published.svm.dropna(subset=["C", "gamma"])
    both = printed.assign(gamma=printed["gamma"].astype(str)).merge(
        mine, on=SVM_SHARED, suffixes=("", "_here")
    )
    equal = (both["degree"] == both["degree_here"]) | (both["degree"].isna() & both["degree_here"].isna())
    rows = [
        {
            **row,
            "stage": SVMS.stage,
            "classifier": row["kernel"],
            "words": configuration(row, SVM_AXES),
            "published": row["test_acc_pct"] / 100,
            "here": row["test_accuracy"],
            **_ends(wilson(row["test_accuracy"] * row["test_samples"], row["test_samples"])),
            "images": row["train_samples"],
            "trained": study.used(row["dataset"], "train"),
            "size": float("nan"),
            "keys": (row["key"],),
        }
        for row in rows_of(both[equal])
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _ends(interval: Interval) -> dict[str, float]:
    return {"low": interval.low, "high": interval.high}
