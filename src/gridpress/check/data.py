"""The datasets: which are there, and what DVC would take for other data. Sizes are compared; fetching hashes."""

from __future__ import annotations

from collections.abc import Iterator

from gridpress.check.finding import Finding
from gridpress.datasets import PINNED
from gridpress.params import Params
from gridpress.project import Project

MOST_NAMES = 3


def state(project: Project, params: Params) -> Finding:
    """What is only not fetched yet is no fault."""
    faults = [fault for dataset in params.datasets for fault in _faults(project, dataset)]
    absent = [dataset for dataset in params.datasets if not project.raw(dataset).is_dir()]
    if faults:
        return Finding("data", "not as they were fetched", faults)
    if absent:
        return Finding(
            "data", f"{', '.join(absent)} not fetched; `gridpress repro` does it before it computes anything"
        )
    return Finding("data", "all files there")


def _faults(project: Project, dataset: str) -> Iterator[str]:
    folder, pins = project.raw(dataset), PINNED[dataset]
    if not folder.is_dir():
        return
    place = folder.relative_to(project.root).as_posix()
    found = {path.name: path for path in folder.iterdir()}
    if foreign := sorted(found.keys() - pins.keys()):
        more = f" and {len(foreign) - MOST_NAMES} more" if len(foreign) > MOST_NAMES else ""
        names = f"{', '.join(foreign[:MOST_NAMES])}{more}"
        yield f"{place}: {names} does not belong here, and DVC takes it for data: move it elsewhere"
    wrong = [
        name for name, pin in pins.items() if name not in found or found[name].stat().st_size != pin.size
    ]
    if wrong:
        yield f"{place}: {', '.join(wrong)} is missing or of another size: `gridpress fetch {dataset}` fetches it"
