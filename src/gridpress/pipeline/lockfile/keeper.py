"""dvc.lock survives whatever cuts DVC off: DVC rewrites it in place, so copies lie in the scratch folder.

`keep` leaves a whole one between two runs of DVC; each stage that DVC runs leaves one as it begins, before DVC
records it; and the last commit holds one.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.pipeline.lockfile.entries import Entries, dump, names, read, read_beginning
from gridpress.pipeline.lockfile.judge import in_place, lost, true_ones
from gridpress.pipeline.processes.dvc_parent import lock_at_begin
from gridpress.progress import console
from gridpress.study.grid import stage_names
from gridpress.study.project import Project
from gridpress.study.records.store import write_text
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
    lock_at_begin(project).unlink(missing_ok=True)


def restore(project: Project, params: Params) -> None:
    """Bring back what a cut-off DVC lost: entries of dvc.lock.

    An entry comes back only if its files are still exactly what it says and params.yaml still names its stage.
    """
    if is_as_kept(project):
        return
    path = lock(project)
    text = _text(path)
    whole = read(text) if path.is_file() else {}
    entries = read_beginning(text) if whole is None else whole
    back = recoverable(project, params, entries)
    if whole is not None and not back:
        return
    merged = entries | back
    replace(project, {name: merged[name] for name in [*_order(project, merged), *merged]})
    state = "was broken" if whole is None else "was incomplete" if text else "was missing"
    console.print(
        f"dvc.lock {state}: restored, {len(back)} entries from copies and the last commit", markup=False
    )


def recoverable(project: Project, params: Params, entries: Entries) -> Entries:
    """What `entries` has lost and the copies or the last commit still hold, of the stages of params.yaml."""
    wanted = stage_names(params)
    found = lost(project.root, entries, _of(wanted, _copied(project)))
    now = entries | found
    if any(name not in now or not in_place(project.root, now[name]) for name in wanted):
        committed = true_ones(project.root, _of(wanted, read(_committed(project)) or {}))
        found |= lost(project.root, now, committed)
    return found


def replace(project: Project, entries: Entries) -> None:
    """Write dvc.lock; if it speaks of stages that are not among the entries, it is kept, and the copy named."""
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


def lock(project: Project) -> Path:
    """The file itself."""
    return project.root / "dvc.lock"


def kept(project: Project) -> Path:
    """The copy that `keep` writes."""
    return project.scratch / "dvc.lock.good"


def is_as_kept(project: Project) -> bool:
    """Whether dvc.lock is what was kept last, and nothing was recorded since: it needs no second look."""
    text = _text(lock(project))
    return bool(text) and text == _text(kept(project)) and _text(lock_at_begin(project)) in ("", text)


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Whether another process holds the lock of this name (False too where there is none); none takes it meanwhile."""
    try:
        file = path.open("rb")
    except OSError:
        yield False
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            yield True
        except OSError:  # a file system without locks
            yield False
        else:
            yield False


def _settled(project: Project) -> str | None:
    """The text of dvc.lock, unless there is none, DVC was never at work here, or is at work now."""
    folder = project.root / ".dvc" / "tmp"
    if not lock(project).is_file() or not folder.is_dir():
        return None
    with held(folder / "lock") as busy:
        return None if busy else _text(lock(project))


def _copied(project: Project) -> Entries:
    """The entries of both copies that are still true."""
    found: Entries = {}
    for path in (kept(project), lock_at_begin(project)):
        found |= true_ones(project.root, read(_text(path)) or {})
    return found


def _order(project: Project, merged: Entries) -> list[str]:
    """The entries in the order that they had in the fullest copy, so that Git shows what changed and nothing else."""
    texts = [_text(kept(project)), _text(lock_at_begin(project)), _committed(project)]
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
