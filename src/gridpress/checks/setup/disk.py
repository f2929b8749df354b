"""Free disk space against what it takes to compute what is missing."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from contextlib import suppress

from gridpress.checks.setup.finding import Finding
from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.stages import runs_by_name
from gridpress.study.project import Project

COPIES = 3  # of a dataset: downloaded, in data/raw, and in DVC's cache
ALWAYS = 100_000_000  # bytes for records and the rendered report
GB = 1e9


def space(project: Project, params: Params) -> Finding:
    """Whether data, checkpoints and the report still find room."""
    needed = ALWAYS + sum(_data(project, params)) + sum(_checkpoints(project, params))
    free = shutil.disk_usage(project.root).free
    if free >= needed:
        return Finding("disk", f"enough: up to {_shown(needed)} are needed")
    fault = (
        f"{_shown(free)} are free, but data and checkpoints of what is missing take up to {_shown(needed)}"
    )
    return Finding("disk", f"{_shown(free)} free of {_shown(needed)} needed", [f"{fault}: free some first"])


def _data(project: Project, params: Params) -> Iterator[int]:
    """Bytes of each dataset that is not in data/raw."""
    for dataset in params.datasets:
        files = params.dataset(dataset).pins
        if not all((project.raw(dataset) / name).is_file() for name in files):
            yield COPIES * sum(pin.size for pin in files.values())


def _checkpoints(project: Project, params: Params) -> Iterator[int]:
    """Bytes that each run without a record may leave until all are recorded."""
    for stage, run in runs_by_name(params).values():
        if stage.record_path(project, run.key).is_file():
            continue
        with suppress(GridpressError):  # what is still to be chosen leaves about as much as others
            for member in stage.computed(run, params, project):
                yield member.family.checkpoint(member.run, member.params)


def _shown(size: float) -> str:
    return f"{math.ceil(10 * size / GB) / 10:.1f} GB"
