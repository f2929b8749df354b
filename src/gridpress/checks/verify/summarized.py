"""Whether what was condensed from the records is what they give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gridpress.checks.verify.committed import Committed, shown
from gridpress.config.params import Params
from gridpress.families.registry import FAMILIES
from gridpress.learning_curves.curves import CHOSEN, FULL, full_size
from gridpress.pipeline.stages.final import final_text
from gridpress.pipeline.stages.summarize import choices_text, curves_text, shown_images, summary_text
from gridpress.stages import runs_by_name
from gridpress.study.project import Project
from gridpress.study.records.store import dumps


def faults(project: Project, params: Params, runs: Mapping[str, Committed]) -> Iterator[str]:
    """One line for each of the files that `gridpress summarize` and `gridpress final` would write otherwise.

    Nothing is said while records are missing: then there is nothing to summarise yet. Call it only with
    records that are consistent.
    """
    if set(runs) != set(runs_by_name(params)):
        return
    records = [run.results[0] for run in runs.values() if run.stage in FAMILIES]
    found = {
        project.summary: summary_text(params, records),
        project.curves: curves_text(params, records),
        project.images: dumps(shown_images(project, params, records)),
        **{project.metrics / CHOSEN / name: text for name, text in choices_text(params, records).items()},
    }
    yield from _otherwise(project, found, "gridpress summarize")
    full = [
        result
        for curve in FULL
        for key in full_size(curve, params)
        for result in runs[f"{curve.stage}@{key}"].results
    ]
    yield from _otherwise(project, {project.final: final_text(params, full)}, "gridpress final")


def _otherwise(project: Project, wanted: Mapping[Path, str], command: str) -> Iterator[str]:
    for path, text in wanted.items():
        if path.is_file() and path.read_bytes() != text.encode():
            yield f"{shown(project, path)}: not what the records give; `{command}` writes it again"
