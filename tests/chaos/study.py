"""A small real study, and what of it must come out the same however often it was killed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from conftest import ROOT
from end_to_end.conftest import Clone
from gridpress.pipeline.smoke import copy_tree
from gridpress.study import profiles
from gridpress.study.project import Project
from pipeline.conftest import edit, entries, records

EPOCHS = 4
MACHINE = "here"  # its record is made once and then passes for another machine's, which stays as it is
CHAPTER = '# Data {#sec-data}\n\n```{python}\n#| output: asis\nreport.show("samples", "split")\n```\n\n'


def make(folder: Path, data: Path) -> Clone:
    """Two training runs and two SVMs on 100 images of MNIST, a hardware record, summary, a short report.

    Args:
        folder: of the study.
        data: where the datasets lie, to be fetched from.
    """
    clone = Clone(folder, data)
    copy_tree(Project(ROOT), clone.project)
    profiles.apply(clone.project, "smoke")

    def few(params: dict[str, Any]) -> None:
        params["datasets"] = ["mnist"]
        params["train"].update(epochs=EPOCHS, milestones=[1, EPOCHS])
        params["data"].update(train_samples=100, train_eval_samples=50, val_samples=50, test_samples=100)

    edit(clone.project.params, few)
    shutil.rmtree(clone.project.metrics)
    (clone.root / "dvc.lock").unlink(missing_ok=True)
    clone.call("gridpress", "fetch", "mnist")
    clone.call("gridpress", "hardware", "--machine", MACHINE)
    shutil.rmtree(clone.project.metrics / "data")
    record = clone.project.record("hardware", MACHINE)
    record.write_text(json.dumps(json.loads(record.read_text()) | {"fingerprint": "another machine"}))
    document = clone.project.report / "report.qmd"
    text = document.read_text(encoding="utf-8")
    short = text[: text.index("# Findings")] + CHAPTER + text[text.rindex("```{python}") :]
    document.write_text(short, encoding="utf-8")
    clone.commit()
    return clone


def wipe(clone: Clone) -> None:
    """As if nobody had ever run anything: no data, no cache, no results."""
    clone.call("git", "checkout", "--quiet", ".")
    clone.call("git", "clean", "-ffdxq")


def outcome(clone: Clone) -> dict[str, Any]:
    """Bytes of all accuracy records and the summary, and dvc.lock without what depends on timings."""
    stages = entries(clone)
    report = stages.get("report", {"outs": [], "deps": []})
    shown = [*report["outs"], *(dep for dep in report["deps"] if dep["path"] == "metrics")]
    for entry in shown:  # the report shows timings
        for depends in ("md5", "size"):
            del entry[depends]
    return {"records": records(clone), "dvc.lock": stages, "files": clone.call("git", "status", "--short")}
