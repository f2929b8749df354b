"""Runs that would be computed again although nobody changed their parameters, and because of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from gridpress import asked
from gridpress.errors import GridpressError
from gridpress.grid import svm_runs, train_runs
from gridpress.lockfile import judge, keeper
from gridpress.lockfile.entries import read
from gridpress.merging.conflicts import listed
from gridpress.params import Params
from gridpress.progress import clock
from gridpress.project import Project
from gridpress.records import SvmRecord, TrainRecord, load
from gridpress.repro.estimate import estimates, makespan
from gridpress.repro.finished import files_of
from gridpress.repro.status import changed_inputs
from gridpress.yaml_file import read_yaml

WAYS_OUT = (
    "Nothing was computed. `gridpress repro --yes` computes them again. If the change cannot alter a result, "
    "`gridpress verify` shows it and `dvc commit --force train svm` records it; `git diff` shows the change, "
    "`git checkout` of the files takes it back."
)


def question(
    project: Project, params: Params, names: Sequence[str], jobs: int, machine: str | None
) -> str | None:
    """What to ask before these runs are computed; None where all are missing or of other parameters.

    Args:
        project: the study.
        params: its parameters.
        names: the training runs and SVMs that are out of date.
        jobs: how many are computed at once.
        machine: the kind of machine that computes them, `Machine.kind`, if it is known.
    """
    causes = unchanged(project, params, names)
    if not causes:
        return None
    files = Counter(file for changed in causes.values() for file in changed)
    total = makespan(causes, estimates(project, params, causes, machine), jobs)
    time = "a time that no recorded run tells" if total is None else f"about {clock(total)}"
    number = f"{len(causes)} runs have" if len(causes) > 1 else "1 run has"
    return (
        f"{number} a result of the same parameters and would be computed again, in {time}, because of "
        f"{listed([f'{file} ({runs} of them)' if runs < len(causes) else file for file, runs in files.most_common()])}."
    )


def unchanged(project: Project, params: Params, names: Sequence[str]) -> dict[str, list[str]]:
    """The runs of `names` that have a result of the present parameters, each with the files that changed."""
    there = [name for name in names if all(path.is_file() for path in files_of(project, name))]
    lock = keeper.lock(project)
    entries = (read(lock.read_text(encoding="utf-8", errors="replace")) if lock.is_file() else None) or {}
    values = read_yaml(project.params)
    same = [
        name
        for name in there
        if not (
            judge.changed_parameters(entries[name], values)
            if name in entries
            else _contradictions(project, params, name)
        )
    ]
    unknown = [name for name in same if name not in entries]
    if len(unknown) == 1:  # what DVC leaves that was killed between a record and its entry
        same.remove(unknown[0])
    changed = changed_inputs(project, [name for name in same if name in entries]) if same else {}
    return {name: changed.get(name) or ["dvc.lock, which has no entry of it"] for name in same}


def _contradictions(project: Project, params: Params, name: str) -> Collection[str]:
    """The fields of a run's record that are not as params.yaml wants them; all, if it cannot be read."""
    kind, _, key = name.partition("@")
    try:
        if kind == "train":
            wanted = asked.of_training(train_runs(params)[key], params)
            return asked.otherwise(load(TrainRecord, project.record(kind, key)), wanted)
        wanted = asked.of_svm(svm_runs(params)[key], params)
        return asked.otherwise(load(SvmRecord, project.record(kind, key)), wanted)
    except GridpressError:
        return ["all"]
