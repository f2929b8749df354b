"""Whether what dvc.lock says is true of the files and parameters as they are now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from gridpress.config.yaml_file import read_yaml
from gridpress.messages import counted
from gridpress.pipeline.dvc.hashes import folder_md5, is_converted, is_recorded, md5
from gridpress.pipeline.lockfile.entries import Entries, Entry, dependencies, dump, outputs

CONVERTED = (
    "Git converted its line ends (core.autocrlf): after `git config core.autocrlf false` delete it, "
    "and `git checkout` of it brings it back as it was"
)


def in_place(root: Path, entry: Entry) -> bool:
    """Whether what an entry records is there with the recorded content (a large folder: is there)."""
    files = outputs(entry)
    return bool(files) and all(is_recorded(root / path, wanted) for path, wanted in files.items())


def true_ones(root: Path, entries: Entries) -> Entries:
    """The entries whose files are in place."""
    return {name: entry for name, entry in entries.items() if in_place(root, entry)}


def lost(root: Path, entries: Entries, true: Entries) -> Entries:
    """Which of some true entries are missing from `entries`, cut off there, or replaced by false ones."""
    return {
        name: entry
        for name, entry in true.items()
        if entries.get(name) != entry
        and (name not in entries or _is_cut(entries[name], entry) or not in_place(root, entries[name]))
    }


def parameter_files(root: Path) -> Callable[[str], Any]:
    """A reader of the parameter files below `root` that reads each once; None for one that is not there.

    It raises InputError as `read_yaml` does.
    """
    return cache(lambda name: read_yaml(root / name) if (root / name).is_file() else None)


def changed_parameters(entry: Entry, values: Callable[[str], Any]) -> list[str]:
    """The parameters that are not as an entry records them, each as `FILE, KEY`.

    Args:
        entry: of one stage.
        values: gives what a parameter file holds now, such as `parameter_files(root)`.
    """
    recorded: Mapping[str, Mapping[str, Any]] = entry.get("params") or {}
    return [
        f"{file}, {key}"
        for file, parameters in recorded.items()
        for key, value in parameters.items()
        if _value(values(file), key) != value
    ]


def changed_files(root: Path, entry: Entry) -> list[str]:
    """The dependencies of an entry that are other files by now.

    Of a large folder only whether it is there.
    """
    return [path for path, wanted in dependencies(entry).items() if not is_recorded(root / path, wanted)]


def edited_results(root: Path, results: Collection[str], entries: Iterable[Entry]) -> Iterator[str]:
    """One line for every result (paths below `root`) that is there and is not the file that is recorded."""
    for entry in entries:
        for name, wanted in outputs(entry).items():
            path = root / name
            if name in results and path.exists() and not is_recorded(path, wanted):
                helps = f"; {CONVERTED}" if is_converted(path, wanted) else ""
                found = folder_md5(path) if path.is_dir() else md5(path.read_bytes())
                kind = "folder" if path.is_dir() else "file"
                yield f"{name}: not the {kind} that dvc.lock records (MD5 {wanted}, found {found}){helps}"


def changed_sources(root: Path, entries: Iterable[Entry]) -> Iterator[str]:
    """One line for every file that changed since runs were computed with it, with how many these are."""
    changed: Counter[str] = Counter()
    converted: set[str] = set()
    for entry in entries:
        recorded = dependencies(entry)
        for source in changed_files(root, entry):
            if (root / source).exists():
                changed[source] += 1
                if is_converted(root / source, recorded[source]):
                    converted.add(source)
    for source, runs in changed.items():
        helps = CONVERTED if source in converted else "`gridpress repro` asks before it computes again"
        yield f"{source}: changed since {counted(runs, 'run')} used it; {helps}"


def _value(values: Any, key: str) -> Any:
    for part in key.split("."):
        if isinstance(values, list) and part.isdecimal() and int(part) < len(values):
            values = values[int(part)]
        else:
            values = values.get(part) if isinstance(values, Mapping) else None
    return values


def _is_cut(entry: Entry, whole: Entry) -> bool:
    """Whether an entry is the beginning of another, as when its last line is missing."""
    return dump({"": whole}).startswith(dump({"": entry}).rstrip("\n"))
