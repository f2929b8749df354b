"""What Git says of a study: is it a repository, and are its results committed."""

from __future__ import annotations

from shlex import quote

from gridpress.checks.setup.finding import Finding
from gridpress.messages import counted
from gridpress.study.repository import Repository


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
    return Finding("git", f"{counted(new, 'result')} not committed" if new else "all results are committed")
