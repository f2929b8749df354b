"""From what is out of date to a finished report: fetch, all runs side by side, then the rest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from gridpress.config.params import Params, load_params
from gridpress.errors import GridpressError, InputError
from gridpress.families.registry import BY_STAGE, preparing, runs_by_stage_name, stage_names
from gridpress.messages import counted
from gridpress.pipeline.dvc import leftovers as leftovers_of_dvc
from gridpress.pipeline.dvc.status import stale, stale_after
from gridpress.pipeline.lockfile.keeper import keep, refuse_broken, restore
from gridpress.pipeline.processes import forkserver, leftovers
from gridpress.pipeline.processes.interrupt import terminable
from gridpress.pipeline.repro.dvc_command import dvc
from gridpress.pipeline.repro.exclusive import exclusive
from gridpress.pipeline.repro.finished import forget, waiting
from gridpress.pipeline.repro.preparation import expected, prepare, refuse_files, refuse_impossible
from gridpress.pipeline.repro.question import question
from gridpress.pipeline.repro.record import Recorder, record
from gridpress.pipeline.stages.runs import say_versions
from gridpress.progress import clock, console
from gridpress.study.grid import kind_of
from gridpress.study.project import Project
from gridpress.system.git import problem
from gridpress.system.machine import describe
from gridpress.system.resources import available_memory, usable_cores

RUN_MEMORY = 1_500_000_000  # bytes, at the peak of a run of ResNet-50 (benchmarks/results/memory.json)


@dataclass(frozen=True)
class Options:
    """As `repro` takes them."""

    force: bool
    keep_going: bool
    jobs: int | None
    scheduler: str | None
    agree: Callable[[str], bool]


def repro(
    project: Project,
    *,
    force: bool = False,
    keep_going: bool = False,
    jobs: int | None = None,
    scheduler: str | None = None,
    agree: Callable[[str], bool] = lambda _: False,
) -> list[Path]:
    """Run every stage whose result is missing or out of date.

    Args:
        project: the study.
        force: compute everything again.
        keep_going: a run that fails does not keep others from beginning.
        jobs: how many runs at once on this machine; by default one per core.
        scheduler: the address of a Dask cluster that computes the runs instead.
        agree: asked before results whose parameters nobody changed are computed again; gets the question.

    Returns:
        The rendered files.

    Raises:
        InputError: params.yaml is not valid, found before DVC sees it; or `agree` says no.
        GridpressError: a stage failed; what it said stands above.
    """
    params = load_params(project.params)
    _need_git(project)
    if params.train.left_out:
        console.print(f"params.yaml: {params.train.left_out}")
    with exclusive(project), terminable():
        try:
            leftovers.clear(project)
            leftovers_of_dvc.clear(project)
            restore(project, params)
            keep(project)
            _bring_up_to_date(project, params, Options(force, keep_going, jobs, scheduler, agree))
            keep(project)
        except BaseException:
            restore(project, params)
            raise
        finally:
            forkserver.end()
    return project.rendered


def dry_run(project: Project, *, jobs: int | None = None, force: bool = False) -> str:
    """What `repro` would run, with an estimate from the timings of earlier runs.

    Raises:
        InputError: params.yaml is not valid.
        GridpressError: dvc.lock is broken.
    """
    from gridpress.pipeline.repro.estimate import estimates, makespan  # noqa: PLC0415

    params = load_params(project.params)
    _need_git(project)
    refuse_broken(project)
    names = stage_names(params) if force else stale_after(project, expected(project, params))
    if project.manifest.is_file() and not _is_rendered(project) and "report" not in names:
        names.append("report")
    if not names:
        return "Everything is up to date."
    runs = [name for name in names if kind_of(name) in BY_STAGE]
    seconds = estimates(project, params, names, describe().kind)
    rows = [(name, "unknown" if seconds[name] is None else clock(seconds[name] or 0)) for name in names]
    workers = _jobs(params, jobs)
    total = makespan(runs, seconds, workers)
    said = "unknown" if total is None else f"about {clock(total)}"
    table = tabulate(rows, headers=("stage", "estimated time"), tablefmt="plain")
    asked = None if force else question(project, params, runs, workers, describe().kind)
    return "\n".join(
        [
            str(table),
            f"{counted(len(runs), 'run')}, {workers} at once: {said}; what depends on them runs too.",
            *([asked.said] if asked else []),
        ]
    )


def _need_git(project: Project) -> None:
    if found := problem(project.root):
        raise GridpressError(found)


def _bring_up_to_date(project: Project, params: Params, options: Options) -> None:
    if options.scheduler is None and (options.force or _is_a_record_missing(project, params)):
        forkserver.begin()  # beside what comes before the runs
    _render_if_missing(project)
    changed = stale(project)
    if not changed and not options.force:
        console.print("Everything is up to date.")
        return
    wanted = [name for name in preparing(params) if options.force or name in changed]
    if wanted:
        prepare(project, wanted)
        changed = stale(project, everything=options.force)
    if options.force:
        forget(project, changed)
    if load_params(project.params) != params:
        raise GridpressError(
            "params.yaml changed meanwhile; the same command again computes what it asks for now"
        )
    failures = _compute(project, params, changed, options)
    if failures:
        if options.keep_going:
            _repro_each(project, [name for name in changed if kind_of(name) == "hardware"], "--keep-going")
        raise GridpressError(
            "\n".join(f"{name} failed: {reason}" for name, reason in failures.items())
            + "\nWhat was finished is kept: the same command goes on from there."
        )
    if options.force:
        rest = [name for name in changed if kind_of(name) not in BY_STAGE and name not in wanted]
        _repro_each(project, rest, "--force", "--single-item")
    if stale(project):
        dvc(project, "repro", *(["--keep-going"] if options.keep_going else []))


def _is_a_record_missing(project: Project, params: Params) -> bool:
    return not all(
        project.record(family.stage, run.key).is_file() for family, run in runs_by_stage_name(params).values()
    )


def _repro_each(project: Project, names: list[str], *options: str) -> None:
    if names:  # without a name, DVC would take it for all of them
        dvc(project, "repro", *options, *names)


def _compute(project: Project, params: Params, changed: dict[str, str], options: Options) -> dict[str, str]:
    """Compute and record all training runs and SVMs that changed; why the failed ones failed, by name."""
    runs = {name: key for name, key in changed.items() if kind_of(name) in BY_STAGE}
    done = waiting(project, runs)
    if done:
        console.print(f"recorded, of an earlier start: {counted(len(done), 'finished run')}", markup=False)
        record(project, done)
        runs = {name: runs[name] for name in runs.keys() - {run.name for run in done}}
    if not runs:
        return {}
    refuse_impossible(project, params, {kind_of(name) for name in runs})
    if options.scheduler is not None:
        refuse_files(params, runs)
    if not options.force:
        _ask(project, params, sorted(runs), options)
    say_versions(describe())
    from gridpress.pipeline.repro import cluster  # noqa: PLC0415  # Dask, only where it is needed
    from gridpress.pipeline.repro.dispatch import Dispatch  # noqa: PLC0415
    from gridpress.pipeline.repro.estimate import estimates, longest_first  # noqa: PLC0415
    from gridpress.pipeline.repro.view import View  # noqa: PLC0415

    workers = min(_jobs(params, options.jobs), len(runs))
    kind = None if options.scheduler else describe().kind
    seconds = estimates(project, params, sorted(runs), kind)
    order = longest_first(seconds, seconds)
    recorder = Recorder(project)
    gathered: AbstractContextManager[cluster.Crew] = (
        cluster.local(project, params, workers)
        if options.scheduler is None
        else cluster.cluster(options.scheduler)
    )
    try:
        with gathered as people, View(seconds, workers) as view:
            todo = {name: runs[name] for name in order}
            failures = Dispatch(project, params, people, todo, recorder, view, options.keep_going).run()
    finally:
        recorder.flush()
    restore(project, params)  # of what a batch that could not be written may have cut off
    for name in recorder.refused:
        failures[name] = "params.yaml, the data or the code changed while it ran, so it is not recorded"
    return failures


def _ask(project: Project, params: Params, names: list[str], options: Options) -> None:
    """Computing again what nobody changed may take hours, so it is never done unasked."""
    asked = question(
        project, params, names, _jobs(params, options.jobs), None if options.scheduler else describe().kind
    )
    if asked and not options.agree(asked.said):
        raise InputError(f"{asked.said}\n{asked.ways_out}")


def _jobs(params: Params, jobs: int | None) -> int:
    return jobs or max(1, min(usable_cores() // params.train.threads, available_memory() // RUN_MEMORY))


def _render_if_missing(project: Project) -> None:
    if not _is_rendered(project):
        project.manifest.unlink(missing_ok=True)  # so that DVC renders again


def _is_rendered(project: Project) -> bool:
    return all(path.is_file() for path in project.rendered)
