"""dvc.lock survives whatever cuts DVC off: DVC rewrites it in place, so copies lie in the scratch folder.

`keep` leaves a whole one between two runs of DVC; each stage that DVC runs leaves one as it begins, before
DVC records it; and the last commit holds one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.files import held_elsewhere, write_text
from gridpress.messages import counted
from gridpress.pipeline.dvc import layout
from gridpress.pipeline.lockfile.entries import Entries, dump, names, read, read_beginning
from gridpress.pipeline.lockfile.judge import in_place, lost, true_ones
from gridpress.pipeline.lockfile.places import at_begin, kept, lock
from gridpress.progress import console
from gridpress.stages import stage_names
from gridpress.study.project import Project
from gridpress.system.git import answer


def keep(project: Project) -> None:
    """Copy dvc.lock to the scratch folder if it is whole; skipped while another process writes it.

    What the copy held before and dvc.lock has lost since stays in the copy.
    """
    copy = kept(project)
    text = _settled(project)
    if text is None:
        return
    if text != _text(copy):
        entries = read(text)
        if entries is None:
            return
        missing = lost(project.root, entries, _copied(project))
        write_text(copy, dump(entries | missing) if missing else text)
    at_begin(project).unlink(missing_ok=True)


def restore(project: Project, params: Params) -> None:
    """Bring back what a cut-off DVC lost: entries of dvc.lock.

    An entry comes back only if its files are still exactly what it says and params.yaml still names its
    stage.
    """
    if is_as_kept(project):
        return
    found = examine(project, params)
    if found.state != "broken" and not found.lost:
        return
    merged = found.entries | found.lost
    replace(project, {name: merged[name] for name in [*_order(project, merged), *merged]})
    state = "incomplete" if found.state == "whole" else found.state
    console.print(
        f"dvc.lock was {state}: {counted(len(found.lost), 'stage')} restored from copies and the last commit",
        markup=False,
    )


@dataclass(frozen=True)
class Condition:
    """How dvc.lock is.

    Attributes:
        state: whole is what DVC can read, whatever has been lost of it.
        entries: what can be read.
        lost: the entries of stages of params.yaml that are missing from it or cut off, and can come back.
    """

    state: Literal["missing", "broken", "whole"]
    entries: Entries
    lost: Entries


def examine(project: Project, params: Params) -> Condition:
    """Read dvc.lock, and look for what it has lost in its copies and in the last commit."""
    there, text = lock(project).is_file(), _text(lock(project))
    whole = read(text) if there else {}
    entries = read_beginning(text) if whole is None else whole
    lost_ones = {} if is_as_kept(project) else _recoverable(project, params, entries)
    return Condition("broken" if whole is None else "whole" if there else "missing", entries, lost_ones)


def _recoverable(project: Project, params: Params, entries: Entries) -> Entries:
    """What `entries` has lost and the copies or the last commit still hold, of the stages of params.yaml."""
    wanted = stage_names(params)
    found = lost(project.root, entries, _of(wanted, _copied(project)))
    now = entries | found
    if any(name not in now or not in_place(project.root, now[name]) for name in wanted):
        committed = true_ones(project.root, _of(wanted, read(_committed(project)) or {}))
        found |= lost(project.root, now, committed)
    return found


def replace(project: Project, entries: Entries) -> None:
    """Write dvc.lock.

    If it speaks of stages that are not among the entries, it is kept, and the copy named.
    """
    path = lock(project)
    old = _text(path)
    if names(old) - entries.keys():
        copy = project.scratch / f"dvc.lock.{hashlib.sha256(old.encode()).hexdigest()[:12]}"
        write_text(copy, old)
        shown = copy.relative_to(project.root).as_posix()
        console.print(f"dvc.lock as it was is kept as {shown}", markup=False)
    write_text(path, dump(entries))


def refuse_broken(project: Project) -> None:
    """For those who change nothing; skipped while another process writes dvc.lock.

    Raises:
        GridpressError: DVC would refuse dvc.lock, or a part of it is cut off.
    """
    text = _settled(project)
    if text is not None and read(text) is None:
        raise GridpressError("dvc.lock is cut off or broken: `gridpress repro` restores what it can of it")


def is_as_kept(project: Project) -> bool:
    """Whether dvc.lock is what was kept last, and nothing was recorded since: it needs no second look."""
    text = _text(lock(project))
    return bool(text) and text == _text(kept(project)) and _text(at_begin(project)) in ("", text)


def _settled(project: Project) -> str | None:
    """The text of dvc.lock, unless there is none, DVC was never at work here, or is at work now."""
    if not lock(project).is_file() or not layout.temporary(project).is_dir():
        return None
    with held_elsewhere(layout.lock(project)) as busy:
        return None if busy else _text(lock(project))


def _copied(project: Project) -> Entries:
    """The entries of both copies that are still true."""
    found: Entries = {}
    for path in (kept(project), at_begin(project)):
        found |= true_ones(project.root, read(_text(path)) or {})
    return found


def _order(project: Project, merged: Entries) -> list[str]:
    """The entries in the order of the fullest copy, so that Git shows what changed and nothing else."""
    texts = [_text(kept(project)), _text(at_begin(project)), _committed(project)]
    fullest = max((read(text) or {} for text in texts), key=len)
    return [name for name in fullest if name in merged]


def _of(wanted: Iterable[str], entries: Entries) -> Entries:
    return {name: entries[name] for name in wanted if name in entries}


def _committed(project: Project) -> str:
    """The text of dvc.lock in the last commit, or "" where there is none."""
    return answer(project.root, "show", "HEAD:./dvc.lock").decode(errors="replace")


def _text(path: Path) -> str:
    """Its text, or "" where there is none."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
