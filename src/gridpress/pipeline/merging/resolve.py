"""`gridpress resolve`: dvc.lock and records of both sides of a merge, put together stage by stage.

Each entry of dvc.lock says what its files must hold and what they were computed from, so nothing is guessed:
of a stage that both sides have, the entry is taken whose files are there and fit the parameters and code as
merged, and with it its files.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from gridpress.config.params import load_params
from gridpress.errors import GridpressError, InputError
from gridpress.files import write_bytes
from gridpress.messages import counted
from gridpress.pipeline.dvc.hashes import is_recorded, md5, md5_of_files
from gridpress.pipeline.lockfile import judge, keeper
from gridpress.pipeline.lockfile.entries import (
    Entries,
    Entry,
    is_conflicted,
    outputs,
    read,
    read_beginning,
    sides,
)
from gridpress.pipeline.merging.conflicts import conflicted, is_mixed, listed, operation, unmerged
from gridpress.stages import stage_names
from gridpress.study.project import Project
from gridpress.system.git import answer

Side = Literal["ours", "theirs"]
SIDES: tuple[Side, Side] = ("ours", "theirs")
STAGE_OF_INDEX: dict[Side, int] = {"ours": 2, "theirs": 3}
PARENT: dict[Side, str] = {"ours": "HEAD^1", "theirs": "HEAD^2"}


@dataclass
class Merge:
    """What both sides have of dvc.lock and of the files in conflict.

    Attributes:
        project: the study.
        values: gives what a parameter file holds.
        paths: the files in conflict that stages write, dvc.lock apart.
        blobs: of files that the index holds unmerged, by stage of the index.
    """

    project: Project
    values: Callable[[str], Any]
    paths: list[str]
    blobs: dict[str, dict[int, str]]

    @cached_property
    def entries(self) -> dict[Side, Entries]:
        """The entries of each side."""
        found: dict[Side, Entries] = {}
        for side in SIDES:
            text = (self.content("dvc.lock", side) or b"").decode(errors="replace")
            whole = read(text)
            found[side] = read_beginning(text) if whole is None else whole
        return found

    @cached_property
    def is_merged(self) -> bool:
        """Whether the last commit is a merge: where marks were committed, its parents have both sides."""
        return bool(answer(self.project.root, "rev-parse", "--verify", "--quiet", "HEAD^2"))

    def content(self, path: str, side: Side) -> bytes | None:
        """A file as one side has it; None where it has none.

        Marks in a file are the last resort: between them, lines of both sides stand together as if one had
            both.
        """
        if path in self.blobs:
            blob = self.blobs[path].get(STAGE_OF_INDEX[side])
            return answer(self.project.root, "cat-file", "blob", blob) if blob else None
        file = self.project.root / path
        if not file.is_file():
            return None
        whole = file.read_bytes()
        text = whole.decode(errors="surrogateescape")
        if not is_conflicted(text):
            return whole
        if self.is_merged:
            return answer(self.project.root, "show", f"{PARENT[side]}:./{path}") or None
        return sides(text)[SIDES.index(side)].encode(errors="surrogateescape")

    def fit(self, entry: Entry, side: Side) -> tuple[bool, int, int]:
        """How well an entry fits what is there: its files in place.

        And how few parameters and modules differ.
        """
        outs = outputs(entry)
        return (
            bool(outs) and all(self._is_there(path, wanted, side) for path, wanted in outs.items()),
            -len(judge.changed_parameters(entry, self.values)),
            -len(judge.changed_files(self.project.root, entry)),
        )

    def _is_there(self, path: str, wanted: str, side: Side) -> bool:
        if not is_mixed(path) and not (self.project.root / path).exists():
            return True  # data and the manifest: Git does not carry them, and they come back as they were
        inside = self.written(path)
        if not inside:
            return is_recorded(self.project.root / path, wanted)
        if inside != [path]:
            return md5_of_files(self._folder(path, inside, side)) == wanted
        content = self.content(path, side)
        return content is not None and md5(content) == wanted

    def written(self, path: str) -> list[str]:
        """Of the files in conflict those that a stage with such an output, a file or a folder, writes."""
        return [name for name in self.paths if name == path or name.startswith(f"{path}/")]

    def _folder(self, path: str, inside: Sequence[str], side: Side) -> dict[str, bytes]:
        """The files of a folder as one side has them, by their path below it."""
        folder = self.project.root / path
        there = {file.relative_to(self.project.root).as_posix(): file for file in folder.rglob("*")}
        contents = {name: file.read_bytes() for name, file in there.items() if file.is_file()}
        contents |= {name: self.content(name, side) or b"" for name in inside}
        gone = {name for name in inside if self.content(name, side) is None}
        return {name[len(path) + 1 :]: text for name, text in contents.items() if name not in gone}


@dataclass
class Outcome:
    """What is to be written, and how it came about."""

    entries: Entries = field(default_factory=dict)
    files: dict[str, Side] = field(default_factory=dict)
    taken: dict[Side, list[str]] = field(default_factory=lambda: {"ours": [], "theirs": []})
    without: list[str] = field(default_factory=list)


def decide(merge: Merge, wanted: list[str]) -> Outcome:
    """The entry and the side of every stage.

    Args:
        merge: both sides.
        wanted: the stages that params.yaml asks for.
    """
    outcome = Outcome()
    ours, theirs = (merge.entries[side] for side in SIDES)
    for name in dict.fromkeys([*ours, *theirs]):
        having = [side for side in SIDES if name in merge.entries[side]]
        fits = {side: merge.fit(merge.entries[side][name], side) for side in having}
        side = max(fits, key=fits.__getitem__)
        entry, (in_place, *_) = merge.entries[side][name], fits[side]
        if in_place or ours.get(name) == theirs.get(name):
            outcome.entries[name] = entry
            if ours.get(name) != theirs.get(name):
                outcome.taken[side].append(name)
        elif name in wanted:
            outcome.without.append(name)
        for path in (name for out in outputs(entry) for name in merge.written(out)):
            outcome.files.setdefault(path, side)
    return outcome


def resolve(project: Project) -> str:
    """Put dvc.lock and the records together from both sides, and tell Git so.

    Returns:
        What was done, in words.

    Raises:
        InputError: a file that a person must merge is still in conflict; nothing was written.
        GridpressError: a file cannot be written, or git fails.
    """
    paths = conflicted(project)
    if edited := [path for path in paths if not is_mixed(path)]:
        raise InputError(
            f"{listed(edited)}: still in conflict, and what decides the results comes first; edit until each "
            "is what you want, `git add` it, and call `gridpress resolve` again. Nothing was written."
        )
    if not paths:
        return "Nothing is in conflict."
    wanted = stage_names(load_params(project.params))
    blobs = {path: stages for path, stages in unmerged(project) if path in paths}
    values = judge.parameter_files(project.root)
    merge = Merge(project, values, [path for path in paths if path != "dvc.lock"], blobs)
    outcome = decide(merge, wanted)
    contents = {path: merge.content(path, side) for path, side in outcome.files.items()}
    for path, content in contents.items():
        if content is None:
            (project.root / path).unlink(missing_ok=True)
        else:
            write_bytes(project.root / path, content)
    if "dvc.lock" in paths:
        keeper.replace(project, outcome.entries)
    done = [path for path in paths if path == "dvc.lock" or path in outcome.files]
    _add(project, [path for path in done if path in blobs])
    return "\n".join(
        _told(project, outcome, [path for path in paths if path not in done], with_lock="dvc.lock" in paths)
    )


def _add(project: Project, paths: list[str]) -> None:
    if not paths:
        return
    done = subprocess.run(
        ["git", "add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul"],
        cwd=project.root,
        input="\0".join(paths).encode(errors="surrogateescape"),
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise GridpressError(f"`git add`: {done.stderr.decode(errors='replace').strip()}")


def _told(project: Project, outcome: Outcome, left: list[str], *, with_lock: bool) -> Iterator[str]:
    same = len(outcome.entries) - sum(map(len, outcome.taken.values()))
    if not with_lock:
        yield "dvc.lock was not in conflict: it is left as it is, and decides which records are right."
    else:
        yield (
            f"dvc.lock: {counted(len(outcome.entries), 'stage')}; the same on both sides: {same}, "
            f"from HEAD: {len(outcome.taken['ours'])}, from the other side: {len(outcome.taken['theirs'])}."
        )
    if outcome.files:
        yield f"Records put right: {listed(sorted(outcome.files))}."
    if outcome.without and with_lock:
        yield (
            f"Neither side has a result of what was merged for {listed(outcome.without)}: `gridpress repro` "
            "computes it."
        )
    if left:
        yield f"No stage of either side writes {listed(left)}: delete or edit, and `git add` it."
    if others := [path for path, _ in unmerged(project)]:
        yield (
            f"Still in conflict: {listed(others)}. What is rendered, as docs/, may come from either side "
            "(`git checkout --ours` and `git add`): `make docs` writes it anew."
        )
    yield f"`{operation(project).conclude}` concludes it."
