"""What Git says of a study's results: whether it can say anything, and which are not committed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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


def _lines(project: Project, *arguments: str) -> list[str]:
    return ask(project.root, *arguments).decode(errors="replace").split("\n")


def _left(lock: Path) -> bool:
    try:
        return time.time() - lock.stat().st_mtime > PATIENCE
    except OSError:
        return False
