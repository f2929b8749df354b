"""From what is out of date to a finished report.

Fetch, all runs of a phase side by side, what the next phase depends on, its runs, then the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from gridpress.config.params import Params, load_params
from gridpress.errors import GridpressError, InputError
from gridpress.messages import counted
from gridpress.pipeline.dvc import leftovers as leftovers_of_dvc
from gridpress.pipeline.dvc.status import stale
from gridpress.pipeline.lockfile.keeper import keep, restore
from gridpress.pipeline.processes import forkserver, leftovers
from gridpress.pipeline.processes.interrupt import terminable
from gridpress.pipeline.repro import jobs as jobs_of
from gridpress.pipeline.repro.dvc_command import dvc
from gridpress.pipeline.repro.exclusive import exclusive
from gridpress.pipeline.repro.finished import forget, waiting
from gridpress.pipeline.repro.preparation import need_git, prepare, refuse_files, refuse_impossible
from gridpress.pipeline.repro.question import question
from gridpress.pipeline.repro.record import Recorder, record
from gridpress.pipeline.stages.runs import say_versions
from gridpress.progress import console
from gridpress.stages import BY_NAME, PHASES, AnyStage, preparing, runs_by_name
from gridpress.study.grid import kind_of
from gridpress.study.project import Project
from gridpress.system.machine import describe

AGAIN = ("--force", "--single-item")


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
    need_git(project)
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
    _refuse_and_ask(project, params, changed, options)
    _run(project, params, PHASES[0], changed, options)
    done = {*preparing(params), *_names(changed)}
    if options.force or any(stage.runs(params) for stage in PHASES[1]):
        done |= {*_choose(project, options)}
        changed = stale(project, everything=options.force)
        _run(project, params, PHASES[1], changed, options)
        done |= {*_names(changed)}
    if options.force:
        _repro_each(project, [name for name in changed if name not in done], *AGAIN)
    if stale(project):
        dvc(project, "repro", *(["--keep-going"] if options.keep_going else []))


def _names(changed: Iterable[str]) -> list[str]:
    """The runs among stages."""
    return [name for name in changed if kind_of(name) in BY_NAME]


def _run(
    project: Project, params: Params, phase: Sequence[AnyStage], changed: dict[str, str], options: Options
) -> None:
    """Compute the runs of a phase that changed.

    Raises:
        GridpressError: why each failed one failed.
    """
    stages = {stage.stage for stage in phase}
    runs = {name: digest for name, digest in changed.items() if kind_of(name) in stages}
    failures = _compute(project, params, runs, options)
    if not failures:
        return
    if options.keep_going:
        _repro_each(project, _hardware(changed), "--keep-going")
    raise GridpressError(
        "\n".join(f"{name} failed: {reason}" for name, reason in failures.items())
        + "\nWhat was finished is kept: the same command goes on from there."
    )


def _choose(project: Project, options: Options) -> list[str]:
    """Bring up to date what the runs of the second phase depend on, and what comes before it; its stages."""
    changed = stale(project, everything=options.force)
    names = [*_hardware(changed), *(["summarize"] if "summarize" in changed else [])]
    _repro_each(project, names, *(AGAIN if options.force else []))
    return names


def _hardware(changed: Iterable[str]) -> list[str]:
    return [name for name in changed if kind_of(name) == "hardware"]


def _is_a_record_missing(project: Project, params: Params) -> bool:
    return not all(
        stage.record_path(project, run.key).is_file() for stage, run in runs_by_name(params).values()
    )


def _repro_each(project: Project, names: list[str], *options: str) -> None:
    if names:  # without a name, DVC would take it for all of them
        dvc(project, "repro", *options, *names)


def _compute(project: Project, params: Params, runs: dict[str, str], options: Options) -> dict[str, str]:
    """Compute and record all of these runs; why the failed ones failed, by name."""
    done = waiting(project, runs)
    if done:
        console.print(f"recorded, of an earlier start: {counted(len(done), 'finished run')}", markup=False)
        record(project, done)
        runs = {name: runs[name] for name in runs.keys() - {run.name for run in done}}
    if not runs:
        return {}
    if options.scheduler is not None:
        refuse_files(project, params, runs)
    say_versions(describe())
    from gridpress.pipeline.repro import cluster  # noqa: PLC0415  # Dask, only where it is needed
    from gridpress.pipeline.repro.dispatch import Dispatch  # noqa: PLC0415
    from gridpress.pipeline.repro.estimate import estimates, longest_first  # noqa: PLC0415
    from gridpress.pipeline.repro.view import View  # noqa: PLC0415

    workers = min(jobs_of.at_most(params, options.jobs), len(runs))
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


def _refuse_and_ask(project: Project, params: Params, changed: dict[str, str], options: Options) -> None:
    """Once, before anything is computed: runs that cannot be, and runs of which nobody changed a parameter.

    Computing these again may take hours, so it is never done unasked. What validation will choose otherwise
    in the first phase makes runs of the second one stale without a question.

    Raises:
        InputError: there are such runs, and nobody agrees.
    """
    runs = {name: changed[name] for name in _names(changed)}
    names = sorted(runs.keys() - {done.name for done in waiting(project, runs)})
    if not names:
        return
    second = {stage.stage for stage in PHASES[1] if stage.runs(params)}
    refuse_impossible(project, params, {kind_of(name) for name in names} | second)
    if options.force:
        return
    asked = question(
        project,
        params,
        names,
        jobs_of.at_most(params, options.jobs),
        None if options.scheduler else describe().kind,
    )
    if asked and not options.agree(asked.said):
        raise InputError(f"{asked.said}\n{asked.ways_out}")


def _render_if_missing(project: Project) -> None:
    if not project.is_rendered:
        project.manifest.unlink(missing_ok=True)  # so that DVC renders again
