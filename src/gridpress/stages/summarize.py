"""`gridpress summarize`."""

from __future__ import annotations

import json

from gridpress.checkpoints import discard_recorded
from gridpress.grid import svm_runs, train_runs
from gridpress.params import load_params
from gridpress.project import Project
from gridpress.records import DataRecord, SvmRecord, TrainRecord, load, write_text
from gridpress.summary import summarize


def run(project: Project) -> None:
    """Condense exactly the records that params.yaml names; recorded runs need their checkpoints no more."""
    params = load_params(project.params)
    for dataset in params.datasets:
        load(DataRecord, project.record("data", dataset))
    runs = [load(TrainRecord, project.record("train", key)) for key in train_runs(params)]
    machines = [load(SvmRecord, project.record("svm", key)) for key in svm_runs(params)]
    summary = summarize(params.datasets, runs, machines)
    write_text(project.summary, json.dumps(summary, indent=1, allow_nan=False) + "\n")
    discard_recorded(project)
