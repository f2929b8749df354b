"""What git says of a study: is it a repository, and are its results committed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from gridpress.check.finding import Finding
from gridpress.project import Project

RESULTS = ("metrics", "dvc.lock")
PATIENCE = 60  # seconds that git may take, and after which its lock is nobody's


@dataclass(frozen=True)
class Repository:
    """The state of the results.

    Attributes:
        problem: why git can't say, and what helps; None where it can.
        modified: files that are not as committed, below the study's folder.
        untracked: files that were never committed.
        deleted: files that were committed and are not there.
        lock: git's lock as seen from there, where an interrupted git left it.
    """

    problem: str | None = None
    modified: Sequence[str] = ()
    untracked: Sequence[str] = ()
    deleted: Sequence[str] = ()
    lock: str | None = None


def look(project: Project) -> Repository:
    """Ask git, without its refreshing its index on disk."""
    try:
        prefix, lock = _git(project, "rev-parse", "--show-prefix", "--git-path", "index.lock").split("\n")[:2]
        listed = _git(
            project, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--", *RESULTS
        )
    except FileNotFoundError:
        return Repository(problem="git is not installed, but DVC needs it")
    except subprocess.TimeoutExpired:
        return Repository(problem="git does not answer")
    except subprocess.CalledProcessError as error:
        said = next(iter(error.stderr.strip().splitlines()), "it fails without a word")
        if "not a git repository" in said:
            said = "this is no git repository, but DVC needs one: `git clone` the study, or `git init` makes this one"
        elif "dubious ownership" in said:
            said = (
                "the study belongs to another user, so git refuses it: "
                f"`git config --global --add safe.directory {quote(str(project.root))}` if you trust it"
            )
        return Repository(problem=f"git: {said}")
    states: dict[str, list[str]] = {"M": [], "?": [], "D": []}
    for entry in filter(None, listed.split("\0")):
        index, tree = entry[0], entry[1]
        if (index, tree) != ("D", " "):  # removed on purpose
            states[tree if tree in "?D" else "M"].append(entry[3:].removeprefix(prefix))
    return Repository(
        None, states["M"], states["?"], states["D"], lock if _left(project.root / lock) else None
    )


def state(repository: Repository) -> Finding:
    """Uncommitted results are worth knowing, and no fault."""
    if repository.problem:
        return Finding("git", "not usable", [repository.problem])
    new = len(repository.modified) + len(repository.untracked)
    said = f"{new} results are not committed" if new else "all results are committed"
    if repository.lock:
        return Finding(
            "git",
            "locked",
            [f"an interrupted git left its lock: `rm {quote(repository.lock)}` if no git command is running"],
        )
    return Finding("git", said)


def _git(project: Project, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "--no-optional-locks", *arguments],
        cwd=project.root,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=PATIENCE,
        check=True,
    )
    return done.stdout


def _left(lock: Path) -> bool:
    try:
        return time.time() - lock.stat().st_mtime > PATIENCE
    except OSError:
        return False
