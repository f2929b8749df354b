"""What `gridpress repro` would run."""

from __future__ import annotations

from collections.abc import Collection

from tabulate import tabulate

from gridpress.config.params import Params, load_params
from gridpress.messages import counted
from gridpress.pipeline.dvc.status import stale_after
from gridpress.pipeline.lockfile.keeper import refuse_broken
from gridpress.pipeline.repro import jobs as jobs_of
from gridpress.pipeline.repro.estimate import estimates, makespan
from gridpress.pipeline.repro.preparation import expected, need_git
from gridpress.pipeline.repro.question import question
from gridpress.progress import clock
from gridpress.stages import BY_NAME, PHASES, runs_by_name, stage_names
from gridpress.study.grid import kind_of
from gridpress.study.project import Project
from gridpress.system.machine import describe


def dry_run(project: Project, *, jobs: int | None = None, force: bool = False) -> str:
    """What would run, with an estimate from the timings of earlier runs.

    Raises:
        InputError: params.yaml is not valid.
        GridpressError: dvc.lock is broken.
    """
    params = load_params(project.params)
    need_git(project)
    refuse_broken(project)
    names = stage_names(params) if force else stale_after(project, expected(project, params))
    if project.manifest.is_file() and not project.is_rendered and "report" not in names:
        names.append("report")
    if not names:
        return "Everything is up to date."
    runs = [name for name in names if kind_of(name) in BY_NAME]
    seconds = estimates(project, params, names, describe().kind)
    rows = [(name, "unknown" if seconds[name] is None else clock(seconds[name] or 0)) for name in names]
    workers = jobs_of.at_most(params, jobs)
    total = makespan(runs, seconds, workers)
    said = "unknown" if total is None else f"about {clock(total)}"
    table = tabulate(rows, headers=("stage", "estimated time"), tablefmt="plain")
    asked = None if force else question(project, params, runs, workers, describe().kind)
    return "\n".join(
        [
            str(table),
            f"{counted(len(runs), 'run')}, {workers} at once: {said}; what depends on them runs too.",
            *_open_choice(params, names),
            *([asked.said] if asked else []),
        ]
    )


def _open_choice(params: Params, names: Collection[str]) -> list[str]:
    """How many runs more there may be, where validation chooses anew what they are of."""
    first, second = ({stage.stage for stage in phase} for phase in PHASES)
    possible = [name for name in runs_by_name(params) if kind_of(name) in second and name not in names]
    if not possible or not any(name == "summarize" or kind_of(name) in first for name in names):
        return []
    more = f"Up to {counted(len(possible), 'run')} of learning curves more"
    return [f"{more}, where validation chooses otherwise than before."]
