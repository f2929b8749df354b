"""`gridpress summarize`."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from gridpress.config.params import Params, load_params
from gridpress.families.registry import runs_by_stage_name
from gridpress.files import write_result
from gridpress.pipeline.checkpoints import discard_recorded
from gridpress.pipeline.stages.images import verified_images
from gridpress.progress import console
from gridpress.results.shared_errors import indices, most_shared_errors
from gridpress.results.summary import curves, summarize
from gridpress.study.project import Project
from gridpress.study.records.data import DataRecord, ImagesRecord, Sample
from gridpress.study.records.runs import RunRecord
from gridpress.study.records.store import load, save


def run(project: Project) -> None:
    """Condense exactly the records that params.yaml names; recorded runs need their checkpoints no more."""
    params = load_params(project.params)
    if params.train.left_out:
        console.print(f"params.yaml: {params.train.left_out}")
    for dataset in params.datasets:
        load(DataRecord, project.record("data", dataset))
    records = [
        load(family.record, project.record(family.stage, run.key))
        for family, run in runs_by_stage_name(params).values()
    ]
    save(shown_images(project, params, records), project.images)
    write_result(project.curves, curves_text(params, records))
    write_result(project.summary, summary_text(params, records))
    discard_recorded(project)


def summary_text(params: Params, records: Sequence[RunRecord]) -> str:
    """The content of metrics/summary.json."""
    return (
        json.dumps(summarize(params.datasets, records, params.selection.metric), indent=1, allow_nan=False)
        + "\n"
    )


def curves_text(params: Params, records: Sequence[RunRecord]) -> str:
    """The content of metrics/curves.json, a row a line."""
    rows = (
        json.dumps(row, allow_nan=False) for row in curves(params.datasets, records, params.selection.metric)
    )
    return "[\n" + ",\n".join(rows) + "\n]\n"


def shown_images(project: Project, params: Params, records: Sequence[RunRecord]) -> ImagesRecord:
    """The images that `most_shared_errors` finds, from the verified files.

    Raises GridpressError where these are not there.
    """
    shown = {}
    for dataset in params.datasets:
        here = [record for record in records if record.dataset == dataset]
        found = most_shared_errors(here, params)
        shown[dataset] = _samples(project, params, dataset, indices(found))
    return ImagesRecord(schema_version=ImagesRecord.current, datasets=shown)


def _samples(project: Project, params: Params, dataset: str, wanted: Sequence[int]) -> list[Sample]:
    if not wanted:
        return []
    images = verified_images(project, params, dataset)
    return [
        Sample(
            index=index,
            label=int(images.labels[index]),
            pixels=base64.b64encode(images.pixels[index].tobytes()).decode(),
        )
        for index in wanted
    ]
