"""What DVC would stop at or forget: its settings, dvc.lock, and locks that nobody holds any more.

`gridpress.pipeline.lockfile.keeper` restores what is found wrong with dvc.lock.
"""

from __future__ import annotations

from collections.abc import Iterator

from gridpress.checks.setup.finding import Finding
from gridpress.config.params import Params
from gridpress.files import held_elsewhere
from gridpress.messages import counted
from gridpress.pipeline.dvc import layout, rwlock
from gridpress.pipeline.lockfile import judge, keeper, places
from gridpress.pipeline.lockfile.entries import Entries, outputs
from gridpress.pipeline.repro import exclusive
from gridpress.pipeline.stages import network
from gridpress.stages import preparing, runs_by_name
from gridpress.study.project import Project
from gridpress.study.repository import Repository


def busy(project: Project) -> bool:
    """Whether `gridpress repro` or DVC is at work in the study."""
    for path in (exclusive.lock(project), layout.lock(project)):
        with held_elsewhere(path) as by_another:
            if by_another:
                return True
    return False


def state(project: Project, params: Params, repository: Repository, *, busy: bool) -> Finding:
    """The first of all that is wrong in a few words, everything in the faults."""
    if busy:
        return Finding("DVC", "at work now")
    found = [*_settings(project), *_lock(project, params, repository), *_rwlock(project)]
    if found:
        return Finding(
            "DVC", ", ".join(dict.fromkeys(said for said, _ in found)), [fault for _, fault in found]
        )
    there = places.lock(project).is_file()
    return Finding("DVC", "dvc.lock is whole" if there else "nothing recorded yet")


def _settings(project: Project) -> Iterator[tuple[str, str]]:
    if not layout.config(project).is_file():
        yield "no .dvc/config", ".dvc/config is missing: `git checkout -- .dvc` restores it"


def _lock(project: Project, params: Params, repository: Repository) -> Iterator[tuple[str, str]]:
    found, kept = keeper.examine(project, params), places.kept(project)
    if found.state == "missing":
        missing = "dvc.lock is missing, so everything would be computed again"
        if "dvc.lock" in repository.deleted:
            yield "dvc.lock is missing", f"{missing}: `git checkout -- dvc.lock` restores the committed one"
        elif kept.is_file():
            yield "dvc.lock is missing", f"{missing}: `cp {kept.relative_to(project.root)} dvc.lock`"
        else:
            yield from _differences(project, params, repository, {})
        return
    if found.state == "broken":
        fault = (
            "dvc.lock is cut off or broken, so DVC would stop at it: `gridpress repro` restores what its "
            "copies and the last commit hold, `git checkout -- dvc.lock` the committed one"
        )
        yield "dvc.lock is broken", fault
        return
    if lost := found.lost:
        yield (
            "dvc.lock is shortened",
            (
                f"dvc.lock has lost {counted(len(lost), 'finished stage')}, such as {min(lost)}: "
                "`gridpress repro` restores it"
            ),
        )
    yield from _differences(project, params, repository, found.entries | lost)


def _differences(
    project: Project, params: Params, repository: Repository, entries: Entries
) -> Iterator[tuple[str, str]]:
    """Results and code that are not those that dvc.lock records."""
    runs = {name: entries[name] for name in runs_by_name(params) if name in entries}
    kept = [*runs.values(), *(entries[name] for name in preparing(params) if name in entries)]
    results = {path for entry in kept for path in outputs(entry)}
    for fault in judge.edited_results(project.root, results, kept):
        path = fault.partition(":")[0]
        helps = (
            f"; `git checkout -- {path}` brings the committed one back" if path in repository.modified else ""
        )
        yield "results that dvc.lock does not record", f"{fault}{helps}"
    for fault in (*judge.changed_sources(project.root, runs.values()), *network.changed(project, params)):
        yield "code changed since", fault
    unknown = [
        stage.record_path(project, run.key).relative_to(project.root).as_posix()
        for name, (stage, run) in runs_by_name(params).items()
        if name not in entries and stage.record_path(project, run.key).is_file()
    ]
    if unknown:
        fault = (
            f"dvc.lock has no entry for {counted(len(unknown), 'result')}, such as {unknown[0]}: "
            "`gridpress repro` computes again what was not committed, and asks before it does the rest"
        )
        yield "results that dvc.lock does not record", fault


def _rwlock(project: Project) -> Iterator[tuple[str, str]]:
    """DVC's list of files in use, at which DVC may stop."""
    path = layout.rwlock(project)
    helps = f"`rm {path.relative_to(project.root)}`"
    match rwlock.fault(path):
        case "broken":
            yield "a broken lock", f"DVC's list of files in use is cut off or broken: {helps}"
        case "orphaned":
            fault = "DVC was killed and its list of files in use names another process now"
            yield "an orphaned lock", f"{fault}: {helps}"
        case None:
            pass
