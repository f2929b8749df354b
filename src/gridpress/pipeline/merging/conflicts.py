"""Files that hold both sides of a merge, and the operation of Git that is waiting for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gridpress.errors import InputError
from gridpress.pipeline.lockfile.entries import is_conflicted
from gridpress.study.project import Project
from gridpress.system.git import answer

READ = (
    "dvc.lock",
    "dvc.yaml",
    "params.yaml",
    "profiles",
    "metrics",
    "data",
    "report",
    "src",
    "pyproject.toml",
    "constraints.txt",
)  # by our commands
MIXED = ("dvc.lock", "metrics")  # what `gridpress resolve` puts right
NAMED = 3  # files that are spelled out


@dataclass(frozen=True)
class Operation:
    """What Git was doing: the commands that conclude it, and that go back to before it."""

    conclude: str
    abort: str | None


OPERATIONS = {
    "MERGE_HEAD": Operation("git commit", "git merge --abort"),
    "rebase-merge": Operation("git rebase --continue", "git rebase --abort"),
    "rebase-apply": Operation("git rebase --continue", "git rebase --abort"),
    "CHERRY_PICK_HEAD": Operation("git cherry-pick --continue", "git cherry-pick --abort"),
    "REVERT_HEAD": Operation("git revert --continue", "git revert --abort"),
}
NOTHING = Operation("git commit", None)  # as after a stash was applied, which stays in `git stash list`


def conflicted(project: Project) -> list[str]:
    """The files that our commands read and that are in conflict, as paths below the study's folder, sorted.

    They are those that Git's index holds unmerged, and those with marks of a conflict in them that the index
    takes for merged.
    """
    found = {path for path, _ in unmerged(project) if path.split("/")[0] in READ}
    return sorted(found | {*_marked(project)})


def refuse(project: Project) -> None:
    """For whoever reads parameters or results.

    Raises:
        InputError: some of them are in conflict; names them, and the way out. Nothing was written.
    """
    if paths := conflicted(project):
        raise InputError(_explained(paths, operation(project)))


def _explained(paths: Sequence[str], waiting: Operation) -> str:
    edited = [path for path in paths if not is_mixed(path)]
    steps = []
    if edited:
        steps.append(f"edit {listed(edited)} until each is what you want and `git add` it")
    if len(edited) < len(paths):
        steps.append("`gridpress resolve` puts dvc.lock and the records together from both sides")
    steps.append(f"`{waiting.conclude}` concludes it")
    back = f" `{waiting.abort}` goes back to before it." if waiting.abort else ""
    return (
        f"{listed(paths)}: both sides of a merge are in conflict there, so nothing was read or written.\n"
        f"The way out: {'; then '.join(steps)}.{back}"
    )


def listed(paths: Sequence[str]) -> str:
    """Some files by name, and how many more there are."""
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return ", ".join(paths[:NAMED]) + more


def is_mixed(path: str) -> bool:
    """Whether a file is computed, and not written by a person."""
    return path.split("/", maxsplit=1)[0] in MIXED


def operation(project: Project) -> Operation:
    """What Git waits to conclude."""
    for name, found in OPERATIONS.items():
        place = answer(project.root, "rev-parse", "--git-path", name)
        if place and (project.root / place.decode(errors="replace").strip()).exists():
            return found
    return NOTHING


def unmerged(project: Project) -> Iterator[tuple[str, dict[int, str]]]:
    """Each file of the study that the index holds unmerged, with its blobs: 1 base, 2 ours, 3 theirs."""
    blobs: dict[str, dict[int, str]] = {}
    for line in filter(None, answer(project.root, "ls-files", "--unmerged", "-z").split(b"\0")):
        about, _, path = line.partition(b"\t")
        _mode, blob, stage = about.split()
        blobs.setdefault(path.decode(errors="surrogateescape"), {})[int(stage)] = blob.decode()
    yield from blobs.items()


def _marked(project: Project) -> Iterator[str]:
    files = [project.root / name for name in ("dvc.lock", "dvc.yaml", "params.yaml")]
    for path in [*files, *project.metrics.rglob("*.json")]:
        if is_conflicted(_text(path)):
            yield path.relative_to(project.root).as_posix()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
