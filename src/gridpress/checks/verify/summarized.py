"""Whether what was condensed from the records is what they give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gridpress.checks.verify.committed import Committed, shown
from gridpress.config.params import Params
from gridpress.families.registry import runs_by_stage_name
from gridpress.pipeline.stages.summarize import curves_text, shown_images, summary_text
from gridpress.study.project import Project
from gridpress.study.records.store import dumps


def faults(project: Project, params: Params, runs: Mapping[str, Committed]) -> Iterator[str]:
    """One line for each of the three files that `gridpress summarize` would write otherwise.

    Nothing is said while records are missing: then there is nothing to summarise yet. Call it only with
    records that are consistent.
    """
    if set(runs) != set(runs_by_stage_name(params)):
        return
    records = [run.record for run in runs.values()]
    summary, curves = summary_text(params, records), curves_text(params, records)
    images = dumps(shown_images(project, params, records))
    for path, text in ((project.summary, summary), (project.curves, curves), (project.images, images)):
        if path.is_file() and path.read_bytes() != text.encode():
            yield f"{shown(project, path)}: not what the records give; `gridpress summarize` writes it again"
