"""The datasets: which are there, and what DVC would take for other data, by their sizes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gridpress.checks.setup.finding import Finding
from gridpress.config.dataset import Dataset
from gridpress.config.params import Params
from gridpress.pipeline.dvc.layout import COPY as COPY_OF_DVC
from gridpress.pipeline.stages.fetch import link_outside
from gridpress.study.project import Project

MOST_NAMES = 3


def state(project: Project, params: Params, *, busy: bool) -> Finding:
    """What is only not fetched yet is no fault."""
    if busy:
        return Finding("data", "may be written now")
    if fault := link_outside(project):
        return Finding("data", "outside of the repository", [fault])
    found = {dataset: _names(project.raw(dataset)) for dataset in params.datasets}
    faults = [
        fault
        for dataset, names in found.items()
        if names
        for fault in _faults(project, dataset, params.dataset(dataset), names)
    ]
    if faults:
        return Finding("data", "not as they were fetched", faults)
    absent = [dataset for dataset, names in found.items() if not names]
    if sourceless := [name for name in absent if not params.dataset(name).sources]:
        return Finding("data", f"{', '.join(sourceless)} missing", [_missing(name) for name in sourceless])
    if absent:
        return Finding(
            "data", f"{', '.join(absent)} not fetched; `gridpress repro` does it before it computes anything"
        )
    return Finding("data", "all files there")


def _missing(name: str) -> str:
    return (
        f"data/raw/{name} is missing, and its declaration names no source: `dvc pull fetch@{name}` brings it "
        f"from a DVC remote, `gridpress fetch {name} --from FOLDER` from a folder"
    )


def _names(folder: Path) -> list[str]:
    """What lies in a folder, but for the copies that `gridpress repro` clears away."""
    try:
        return sorted(path.name for path in folder.iterdir() if not COPY_OF_DVC.fullmatch(path.name))
    except OSError:  # none, or none that may be read
        return []


def _faults(project: Project, name: str, dataset: Dataset, names: list[str]) -> Iterator[str]:
    folder, pins = project.raw(name), dataset.pins
    place = folder.relative_to(project.root).as_posix()
    if foreign := [file for file in names if file not in pins]:
        more = f" and {len(foreign) - MOST_NAMES} more" if len(foreign) > MOST_NAMES else ""
        named = f"{', '.join(foreign[:MOST_NAMES])}{more}"
        yield f"{place}: {named} does not belong here, and DVC takes it for data: move it elsewhere"
    if wrong := [file for file, pin in pins.items() if _size(folder / file) != pin.size]:
        yield (
            f"{place}: {', '.join(wrong)} is missing or of another size: `gridpress fetch {name}` fetches it"
        )


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
