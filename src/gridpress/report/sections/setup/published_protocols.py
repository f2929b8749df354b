"""The published studies: who the letters are, as far as `data/published/` states it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from gridpress.families.svms import SVMS
from gridpress.report.analysis.counterparts import counterparts
from gridpress.report.data.frames import rows_of
from gridpress.report.data.published import Published
from gridpress.report.data.study import Study
from gridpress.report.presentation import tables
from gridpress.report.presentation.items import Table
from gridpress.report.presentation.names import ABSENT, count, listed, shown
from gridpress.report.presentation.tables import Column, leading, words

STATED = {
    "images": "training images",
    "size": "pixels a side",
    "batch_size": "batch size",
    "epochs": "epochs",
    "precision": "precision",
}
COUNTS = ("printed", "compared")


def table(study: Study) -> Table:
    """A row per study: its subject, how it was done, and how many of its test accuracies have one here."""
    facts = overview(study)
    printed, compared = (count(facts[key].sum()) for key in COUNTS)
    return tables.table(
        "studies",
        (
            f"The {len(facts)} published studies that this report compares itself with, each known by a "
            "letter: what each did, as far as its tables state it. Timing: where it compares CPU and GPU. "
            f"Training images: computed from the stated split of all {count(study.published.images)}. Mixed "
            "precision computes products in numbers of half the bits. Printed: test accuracies in its "
            f"tables, {printed} in all; compared: those whose configuration was measured here too, "
            f"{compared} in all."
        ),
        facts,
        [
            leading("Study", "study", str),
            words("What it did", ("subject", "methods", "datasets", *STATED), _protocol),
            *(Column(title=key.capitalize(), of=key, format=count) for key in COUNTS),
        ],
        [f"data/published/{name}.csv" for name in ("studies", "resnet", "svm", "hardware", "datasets")]
        + study.run_sources,
    )


def _protocol(subject: str, methods: str, datasets: str, *stated: str) -> str:
    """What a study is about, what it states of how it was done, and what it does not."""
    found = dict(zip(STATED.values(), stated, strict=True))
    known = [f"{name}: {value}" for name, value in found.items() if value != ABSENT]
    missing = [name for name, value in found.items() if value == ABSENT]
    text = "; ".join([f"{subject}. {methods} on {datasets}", *known])
    return f"{text}. Not in its tables: {listed(missing)}." if missing else f"{text}."


def overview(study: Study) -> pd.DataFrame:
    """One row per study.

    Columns: study, subject, datasets, methods and those of `STATED` (in words, `ABSENT` where its tables
    don't state it), printed (test accuracies), compared (of these, those with a counterpart here).
    """
    published = study.published
    here = counterparts(study)["study"].value_counts()
    tables = (published.resnet, published.svm)
    return pd.DataFrame(
        [
            {
                "study": str(row["study"]),
                **_words(published, row),
                "printed": sum(int(_of(t, row["study"])["test_acc_pct"].count()) for t in tables),
                "compared": int(here.get(row["study"], 0)),
            }
            for row in rows_of(published.studies)
        ],
        columns=["study", "subject", "datasets", "methods", *STATED, *COUNTS],
    )


def _words(published: Published, row: dict[str, Any]) -> dict[str, str]:
    networks, svms, timed = (
        _of(t, row["study"]) for t in (published.resnet, published.svm, published.hardware)
    )
    share = ABSENT
    if not pd.isna(row["split"]):
        share = count(published.images * float(str(row["split"]).split("/")[0]))
    return {
        "subject": str(row["title"]),
        "datasets": _names(published, row["datasets"]),
        "methods": _names(published, row["models"]),
        "images": _also(share, "SVM", _values(svms["train_samples"], count)),
        "size": _also(_values(networks["image_size"]), "timing", _values(timed["image_size"])),
        "batch_size": _values(networks["batch_size"]),
        "epochs": _also(_values(networks["epochs"]), "timing", _values(timed["epochs"])),
        "precision": _values(networks["amp"], lambda mixed: "mixed" if mixed else "single"),
    }


def _of(table: pd.DataFrame, study: str) -> pd.DataFrame:
    return table[table["study"] == study]


def _names(published: Published, joined: str) -> str:
    """`mnist;svm` in words."""
    return listed(
        published.titles.get(name) or (SVMS.singular if name == SVMS.stage else shown(name))
        for name in str(joined).split(";")
    )


def _general(value: float) -> str:
    return f"{value:g}"


def _values(values: pd.Series[Any], text: Callable[[Any], str] = _general) -> str:
    """The values that a column takes, in order."""
    known = sorted(values.dropna().unique())
    return listed(dict.fromkeys(text(value) for value in known)) if known else ABSENT


def _also(usual: str, what: str, other: str) -> str:
    """Two values of a study, the second of a part of it."""
    return usual if other in (ABSENT, usual) else f"{usual} ({what}: {other})"
