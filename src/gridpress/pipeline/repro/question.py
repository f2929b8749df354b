"""Runs that would be computed again although nobody changed their parameters, and because of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.learning_curves.curves import CURVES
from gridpress.messages import counted
from gridpress.pipeline.dvc.status import changed_inputs
from gridpress.pipeline.lockfile import judge, places
from gridpress.pipeline.lockfile.entries import load as load_lock
from gridpress.pipeline.merging.conflicts import listed
from gridpress.pipeline.repro.estimate import estimates, makespan
from gridpress.pipeline.repro.finished import files_of
from gridpress.pipeline.repro.preparation import expected as expected_records
from gridpress.pipeline.stages.network import source_of
from gridpress.progress import clock
from gridpress.stages import runs_by_name
from gridpress.study.grid import kind_of
from gridpress.study.project import Project
from gridpress.study.records.store import load
from gridpress.study.repository import look

EDITED = "which is not as dvc.lock records it"
CHOSEN_STAGES = {curve.stage for curve in CURVES}
UNKNOWN = "dvc.lock, which has no entry of it"
WAYS_OUT = (
    "Nothing was computed. `gridpress repro --yes` computes them again; `git diff` shows the change, "
    "`git checkout` of the files takes it back."
)


class Question(NamedTuple):
    """What to ask a person, and what else can be done.

    Attributes:
        said: how many runs, how long, and because of what.
        ways_out: what to do instead of computing them.
    """

    said: str
    ways_out: str


def question(
    project: Project, params: Params, names: Sequence[str], jobs: int, machine: str | None
) -> Question | None:
    """What to ask before these runs are computed; None where all are missing or of other parameters.

    Args:
        project: the study.
        params: its parameters.
        names: of the runs that are out of date.
        jobs: how many are computed at once.
        machine: the kind of machine that computes them, `Machine.kind`, if it is known.
    """
    causes = unchanged(project, params, names)
    if not causes:
        return None
    files = Counter(file for changed in causes.values() for file in changed)
    total = makespan(causes, estimates(project, params, causes, machine), jobs)
    time = "a time that no recorded run tells" if total is None else f"about {clock(total)}"
    number = f"{counted(len(causes), 'run')} {'has' if len(causes) == 1 else 'have'}"
    parts = [f"{file} ({runs} of them)" if runs < len(causes) else file for file, runs in files.most_common()]
    said = (
        f"{number} a result of the same parameters and would be computed again, in {time}, because of "
        f"{listed(parts)}."
    )
    return Question(said, _ways_out(causes, names))


def _ways_out(causes: Mapping[str, Sequence[str]], names: Sequence[str]) -> str:
    """What a person can do instead.

    `dvc commit --force` believes whatever lies there, so it is named only where all that it would record is
    right: results of the present parameters, as they were computed, of code that changed since.
    """
    kinds = {kind_of(name) for name in causes}
    others = {name for name in names if kind_of(name) in kinds} - causes.keys()
    doubtful = any(EDITED in file or file == UNKNOWN for files in causes.values() for file in files)
    if others or doubtful:
        return WAYS_OUT
    return (
        f"{WAYS_OUT} If it cannot alter a result, `gridpress verify` shows that and "
        f"`dvc commit --force {' '.join(sorted(kinds))}` records it."
    )


def unchanged(project: Project, params: Params, names: Sequence[str]) -> dict[str, list[str]]:
    """The runs of `names` that have a result of the present parameters, each with the files that changed."""
    there = [name for name in names if all(path.is_file() for path in files_of(project, name))]
    entries = load_lock(places.lock(project)) or {}
    values = judge.parameter_files(project.root)
    same = [
        name
        for name in there
        if not (
            judge.changed_parameters(entries[name], values) or _is_of_another_choice(project, params, name)
            if name in entries
            else _contradictions(project, params, name)
        )
    ]
    interrupted = _interrupted(project, [name for name in same if name not in entries])
    same = [name for name in same if name not in interrupted]
    known = [name for name in same if name in entries]
    changed = changed_inputs(project, known, expected_records(project, params)) if known else {}
    return {name: _known(project, changed.get(name, [UNKNOWN])) for name in same}


def _interrupted(project: Project, unknown: Sequence[str]) -> set[str]:
    """Of runs that dvc.lock does not know, those never committed: something was killed before."""
    if not unknown:
        return set()
    repository = look(project)
    if not repository.commits:
        return set()
    new = {project.root / path for path in (*repository.modified, *repository.untracked)}
    return {name for name in unknown if not new.isdisjoint(files_of(project, name))}


def _known(project: Project, files: Sequence[str]) -> list[str]:
    """Without data that are still to be fetched: they will be those that were recorded."""
    there = [file for file in files if not file.startswith("data/raw/") or (project.root / file).exists()]
    return [_source(file) for file in there or files]


def _source(file: str) -> str:
    """Where a change was made: the record of a network only tells of its file."""
    path = PurePosixPath(file)
    if path.parts[:2] != ("metrics", "network"):
        return file
    return source_of(path.stem)


def _is_of_another_choice(project: Project, params: Params, name: str) -> bool:
    """Whether a run has a result of what validation chose before, which is the parameters' doing."""
    return kind_of(name) in CHOSEN_STAGES and bool(_contradictions(project, params, name))


def _contradictions(project: Project, params: Params, name: str) -> Collection[str]:
    """The fields of a run's record that are not as params.yaml wants them; all, if it cannot be read."""
    stage, run = runs_by_name(params)[name]
    try:
        return stage.mismatches(load(stage.record, stage.record_path(project, run.key)), run, params, project)
    except GridpressError:
        return ["all"]
