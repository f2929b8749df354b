"""`gridpress final`."""

from __future__ import annotations

import json
from collections.abc import Sequence

from gridpress.config.params import Params, load_params
from gridpress.files import write_result
from gridpress.learning_curves.curves import FULL, full_size
from gridpress.pipeline.checkpoints import discard_recorded
from gridpress.results.final import final
from gridpress.study.project import Project
from gridpress.study.records.runs import RunRecord
from gridpress.study.records.store import load


def run(project: Project) -> None:
    """Condense the records of the final models, which have to be there."""
    params = load_params(project.params)
    write_result(project.final, final_text(params, final_records(project, params)))
    discard_recorded(project)


def final_records(project: Project, params: Params) -> list[RunRecord]:
    """The results on all training images, with the grid's epochs.

    Raises:
        GridpressError: a record is missing or cannot be read.
    """
    return [
        result
        for curve in FULL
        for key in full_size(curve, params)
        for result in curve.results(load(curve.record, curve.record_path(project, key)))
    ]


def final_text(params: Params, results: Sequence[RunRecord]) -> str:
    """The content of metrics/final.json."""
    return json.dumps(final(params, results), indent=1, allow_nan=False) + "\n"
