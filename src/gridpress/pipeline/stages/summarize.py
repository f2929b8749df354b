"""`gridpress summarize`."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from gridpress.config.params import Params, load_params
from gridpress.families.registry import runs_by_stage_name
from gridpress.files import write_result
from gridpress.learning_curves.chosen import CHOSEN
from gridpress.pipeline.checkpoints import discard_recorded
from gridpress.pipeline.stages.images import verified_images
from gridpress.progress import console
from gridpress.results.choices import choices
from gridpress.results.shared_errors import indices, most_shared_errors
from gridpress.results.summary import curves, summarize
from gridpress.study.project import Project
from gridpress.study.records.data import DataRecord, ImagesRecord, Sample
from gridpress.study.records.networks import NetworkRecord
from gridpress.study.records.runs import RunRecord
from gridpress.study.records.store import dumps, load, save


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
    _replace(project.metrics / CHOSEN, choices_text(project, params, records))
    write_result(project.curves, curves_text(params, records))
    write_result(project.summary, summary_text(params, records))
    discard_recorded(project)


def choices_text(project: Project, params: Params, records: Sequence[RunRecord]) -> dict[str, str]:
    """The content of each file of the folder of choices, by its name."""
    networks = [load(NetworkRecord, project.record("network", name)) for name in params.train.grid.model]
    found = choices(params, records, {one.network: one.sha256 for one in networks})
    return {f"{record.key}.json": dumps(record) for record in found}


def _replace(folder: Path, files: Mapping[str, str]) -> None:
    """Let a folder hold exactly these files; DVC takes it as a whole."""
    for name, text in files.items():
        write_result(folder / name, text)
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()


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
