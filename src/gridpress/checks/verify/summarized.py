"""Whether what was condensed from the records is what they give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gridpress.checks.verify.committed import Committed, shown
from gridpress.config.params import Params
from gridpress.families.registry import runs_by_stage_name
from gridpress.learning_curves.chosen import CHOSEN
from gridpress.learning_curves.curves import FULL, full_size
from gridpress.pipeline.stages.final import final_text
from gridpress.pipeline.stages.summarize import choices_text, curves_text, shown_images, summary_text
from gridpress.study.project import Project
from gridpress.study.records.store import dumps


def faults(project: Project, params: Params, runs: Mapping[str, Committed]) -> Iterator[str]:
    """One line for each of the files that `gridpress summarize` and `gridpress final` would write otherwise.

    Nothing is said of a file while records are missing that it is made of. Call it only with
    records that are consistent.
    """
    grid = runs_by_stage_name(params)
    if grid.keys() <= runs.keys():
        records = [runs[name].results[0] for name in grid]
        found = {
            project.summary: summary_text(params, records),
            project.curves: curves_text(params, records),
            project.images: dumps(shown_images(project, params, records)),
        }
        chosen = choices_text(project, params, records)
        found |= {project.metrics / CHOSEN / name: text for name, text in chosen.items()}
        yield from _otherwise(project, found, "gridpress summarize")
    full = [f"{curve.stage}@{key}" for curve in FULL for key in full_size(curve, params)]
    if runs.keys() >= {*full}:
        results = [result for name in full for result in runs[name].results]
        yield from _otherwise(project, {project.final: final_text(params, results)}, "gridpress final")


def _otherwise(project: Project, wanted: Mapping[Path, str], command: str) -> Iterator[str]:
    for path, text in wanted.items():
        if path.is_file() and path.read_bytes() != text.encode():
            yield f"{shown(project, path)}: not what the records give; `{command}` writes it again"
