"""dvc.lock survives whatever cuts DVC off: DVC rewrites it in place, so copies lie in the scratch folder.

`keep` leaves a whole one between two runs of DVC; each stage that DVC runs leaves one as it begins, before DVC
records it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dvc.lock import LockError, make_lock
from dvc.schema import COMPILED_LOCKFILE_SCHEMA
from dvc.utils.serialize import YAMLFileCorruptedError, dumps_yaml, parse_yaml
from voluptuous import Invalid

from gridpress.errors import GridpressError
from gridpress.grid import stage_names
from gridpress.params import Params
from gridpress.progress import console
from gridpress.project import Project
from gridpress.recorded import is_recorded
from gridpress.records import write_text
from gridpress.under_dvc import lock_at_begin

Entries = dict[str, Any]


@contextmanager
def alone(project: Project) -> Iterator[None]:
    """Hold the study against a second `gridpress repro`; the operating system lets go when this process ends.

    Raises:
        GridpressError: another one is at work, or the scratch folder cannot be written.
    """
    lock = make_lock(str(project.scratch / "repro.lock"))
    try:
        project.scratch.mkdir(exist_ok=True)
        lock.lock()
    except LockError:
        raise GridpressError(f"another `gridpress repro` is at work in {project.root}") from None
    except OSError as error:
        raise GridpressError(f"cannot write {project.scratch}: {error.strerror}") from None
    try:
        yield
    finally:
        lock.unlock()


def keep(project: Project) -> None:
    """Copy dvc.lock to the scratch folder if it is whole; skipped while another process writes it.

    What the copy held before and dvc.lock has lost since stays in the copy.
    """
    _, copy = _paths(project)
    text = _settled(project)
    if text is None:
        return
    if text != _read(copy):
        entries = read_entries(text)
        if entries is None:
            return
        lost = _lost(project, entries, _copied(project))
        write_text(copy, dumps_yaml({"schema": "2.0", "stages": entries | lost}) if lost else text)
    lock_at_begin(project).unlink(missing_ok=True)


def restore(project: Project, params: Params) -> None:
    """Bring back what a cut-off DVC lost: entries of dvc.lock.

    An entry comes back only if its files are still exactly what it says and params.yaml still names its stage.
    A dvc.lock that is not there at all was deleted on purpose.
    """
    path, copy = _paths(project)
    if not path.is_file():
        return
    text, kept, begun = _read(path), _read(copy), _read(lock_at_begin(project))
    if text and text == kept and begun in ("", text):
        return
    entries = read_entries(text)
    whole = entries is not None
    entries = _whole_entries(text) if entries is None else entries
    wanted = set(stage_names(params))
    good = {name: entry for name, entry in _copied(project).items() if name in wanted}
    lost = _lost(project, entries, good)
    if whole and not lost:
        return
    order = [*good, *(name for name in entries if name not in good)]
    merged = {name: lost.get(name, entries.get(name)) for name in order if name in lost or name in entries}
    write_text(path, dumps_yaml({"schema": "2.0", "stages": merged}))
    state = "was incomplete" if whole else "was broken"
    console.print(f"dvc.lock {state}: restored, {len(lost)} entries from the copy in scratch/", markup=False)


def refuse_broken(project: Project) -> None:
    """For those who change nothing; skipped while another process writes dvc.lock.

    Raises:
        GridpressError: DVC would refuse dvc.lock, or a part of it is cut off.
    """
    text = _settled(project)
    if text is not None and read_entries(text) is None:
        raise GridpressError("dvc.lock is cut off or broken: `gridpress repro` restores what it can of it")


def _settled(project: Project) -> str | None:
    """The text of dvc.lock, unless there is none, DVC was never at work here, or is at work now."""
    path, _ = _paths(project)
    folder = _dvc_folder(project)
    if not path.is_file() or not folder.is_dir():
        return None
    try:
        with make_lock(str(folder / "lock")):
            return _read(path)
    except LockError:
        return None


def _copied(project: Project) -> Entries:
    """The entries of both copies that are still true."""
    _, copy = _paths(project)
    found: Entries = {}
    for path in (copy, lock_at_begin(project)):
        entries = read_entries(_read(path)) or {}
        found |= {name: entry for name, entry in entries.items() if _in_place(project, entry)}
    return found


def _lost(project: Project, entries: Entries, good: Entries) -> Entries:
    """Which good entries are missing, cut off, or replaced by what is not true."""
    return {
        name: entry
        for name, entry in good.items()
        if entries.get(name) != entry
        and (name not in entries or _is_cut(entries[name], entry) or not _in_place(project, entries[name]))
    }


def read_entries(text: str) -> Entries | None:
    """The stages of a dvc.lock by name, or None where DVC would refuse the file or its last line is cut."""
    if not text.endswith("\n"):
        return None
    try:
        content = COMPILED_LOCKFILE_SCHEMA(parse_yaml(text, "dvc.lock"))
    except (YAMLFileCorruptedError, Invalid, ValueError, TypeError, AttributeError):
        return None
    return dict(content.get("stages") or {})


def _read(path: Path) -> str:
    """Its text, or "" where there is none."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _whole_entries(text: str) -> Entries:
    """What can be read of a file that was cut: everything before its last entry."""
    lines = text.splitlines(keepends=True)
    begins = [number for number, line in enumerate(lines) if line[:2] == "  " and line[2:3] not in " -\n"]
    return (read_entries("".join(lines[: begins[-1]])) or {}) if begins else {}


def _is_cut(entry: Any, whole: Any) -> bool:
    """Whether an entry is the beginning of another, as when its last line is missing."""
    return bool(dumps_yaml(whole).startswith(dumps_yaml(entry).rstrip("\n")))


def _in_place(project: Project, entry: Any) -> bool:
    """Whether the files that an entry records are there with the recorded content (a folder: are there)."""
    outs = entry.get("outs") or []
    return bool(outs) and all(is_recorded(project.root / out["path"], out.get("md5", "")) for out in outs)


def _dvc_folder(project: Project) -> Path:
    return project.root / ".dvc" / "tmp"


def _paths(project: Project) -> tuple[Path, Path]:
    return project.root / "dvc.lock", project.scratch / "dvc.lock.good"
