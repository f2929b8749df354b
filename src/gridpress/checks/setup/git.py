"""What git says of a study: is it a repository, and are its results committed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from gridpress.checks.setup.finding import Finding
from gridpress.study.project import Project
from gridpress.system.git import PATIENCE, answer, ask, problem

RESULTS = ("metrics", "dvc.lock")


@dataclass(frozen=True)
class Repository:
    """The state of the results.

    Attributes:
        problem: why git can't say, and what helps; None where it can.
        modified: files that are not as committed, below the study's folder.
        untracked: files that were never committed.
        deleted: files that were committed and are not there.
        lock: git's lock as seen from there, where an interrupted git left it.
        commits: whether there is a commit.
    """

    problem: str | None = None
    modified: Sequence[str] = ()
    untracked: Sequence[str] = ()
    deleted: Sequence[str] = ()
    lock: str | None = None
    commits: bool = True


def look(project: Project) -> Repository:
    """Ask git."""
    if found := problem(project.root):
        return Repository(problem=found)
    try:
        prefix, lock = _lines(project, "rev-parse", "--show-prefix", "--git-path", "index.lock")[:2]
        asked = ("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", *RESULTS)
        listed = ask(project.root, *asked).decode(errors="replace")
    except (OSError, subprocess.SubprocessError) as error:
        return Repository(problem=f"git: {error}")
    states: dict[str, list[str]] = {"M": [], "?": [], "D": []}
    for entry in filter(None, listed.split("\0")):
        index, tree = entry[0], entry[1]
        if (index, tree) != ("D", " "):  # removed on purpose
            states[tree if tree in "?D" else "M"].append(entry[3:].removeprefix(prefix))
    return Repository(
        modified=states["M"],
        untracked=states["?"],
        deleted=states["D"],
        lock=lock if _left(project.root / lock) else None,
        commits=bool(answer(project.root, "rev-parse", "--verify", "--quiet", "HEAD")),
    )


def state(repository: Repository) -> Finding:
    """Uncommitted results are worth knowing, and no fault; without any commit DVC has no experiments."""
    if repository.problem:
        return Finding("git", "not usable", [repository.problem])
    if repository.lock:
        return Finding(
            "git",
            "locked",
            [f"an interrupted git left its lock: `rm {quote(repository.lock)}` if no git command is running"],
        )
    if not repository.commits:
        helps = "`git add --all` and `git commit --message begin` make one"
        return Finding(
            "git", "no commit yet", [f"nothing is committed yet, but `dvc exp run` needs a commit: {helps}"]
        )
    new = len(repository.modified) + len(repository.untracked)
    return Finding("git", f"{new} results are not committed" if new else "all results are committed")


def _lines(project: Project, *arguments: str) -> list[str]:
    return ask(project.root, *arguments).decode(errors="replace").split("\n")


def _left(lock: Path) -> bool:
    try:
        return time.time() - lock.stat().st_mtime > PATIENCE
    except OSError:
        return False
