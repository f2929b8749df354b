"""`gridpress summarize`."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from gridpress.config.params import Params, load_params
from gridpress.data import loading
from gridpress.files import write_result
from gridpress.pipeline.checkpoints import discard_recorded
from gridpress.progress import console
from gridpress.study.grid import svm_runs, train_runs
from gridpress.study.project import Project
from gridpress.study.records import DataRecord, ImagesRecord, Sample, SvmRecord, TrainRecord, load, save
from gridpress.study.shared_errors import hardest, indices
from gridpress.study.summary import curves, summarize


def run(project: Project) -> None:
    """Condense exactly the records that params.yaml names; recorded runs need their checkpoints no more."""
    params = load_params(project.params)
    if params.train.left_out:
        console.print(f"params.yaml: {params.train.left_out}")
    for dataset in params.datasets:
        load(DataRecord, project.record("data", dataset))
    runs = [load(TrainRecord, project.record("train", key)) for key in train_runs(params)]
    machines = [load(SvmRecord, project.record("svm", key)) for key in svm_runs(params)]
    images = shown_images(project, params, runs, machines)
    save(images, project.images)
    write_result(project.curves, curves_text(params, runs))
    write_result(project.summary, summary_text(params, runs, machines))
    discard_recorded(project)


def summary_text(params: Params, runs: Sequence[TrainRecord], machines: Sequence[SvmRecord]) -> str:
    """The content of metrics/summary.json."""
    return json.dumps(summarize(params.datasets, runs, machines), indent=1, allow_nan=False) + "\n"


def curves_text(params: Params, runs: Sequence[TrainRecord]) -> str:
    """The content of metrics/curves.json, a row a line."""
    rows = (json.dumps(row, allow_nan=False) for row in curves(params.datasets, runs))
    return "[\n" + ",\n".join(rows) + "\n]\n"


def shown_images(
    project: Project, params: Params, runs: Sequence[TrainRecord], machines: Sequence[SvmRecord]
) -> ImagesRecord:
    """The images that `hardest` finds, from the verified files; raises GridpressError where these are not there."""
    shown = {}
    for dataset in params.datasets:
        found = hardest(
            [run for run in runs if run.dataset == dataset],
            [machine for machine in machines if machine.dataset == dataset],
            len(params.train.grid.seed),
        )
        shown[dataset] = _samples(project, dataset, indices(found))
    return ImagesRecord(schema_version=ImagesRecord.current, datasets=shown)


def _samples(project: Project, dataset: str, wanted: Sequence[int]) -> list[Sample]:
    if not wanted:
        return []
    images = loading.load_verified(project.raw(dataset), dataset)
    return [
        Sample(
            index=index,
            label=int(images.labels[index]),
            pixels=base64.b64encode(images.pixels[index].tobytes()).decode(),
        )
        for index in wanted
    ]
