"""`gridpress network NAME`: which file makes a network.

A stage of its own, so that a training run depends on the file of its own network and on no other: DVC runs
this one again whenever a file of the folder changes, and a training run only where the record does.
"""

from __future__ import annotations

from collections.abc import Iterator

from gridpress.config.params import Params, load_params
from gridpress.errors import GridpressError, InputError
from gridpress.files import sha256_of
from gridpress.messages import not_allowed
from gridpress.networks import names
from gridpress.study.project import Project
from gridpress.study.records.networks import NetworkRecord
from gridpress.study.records.store import load, save


def run(project: Project, name: str) -> None:
    """Write the record of a network.

    Raises:
        InputError: params.yaml is not right, or there is no such network.
    """
    load_params(project.params)
    if name not in names.NETWORKS:
        raise InputError(not_allowed("network", name, names.NETWORKS))
    save(record_of(name), project.record("network", name))


def record_of(name: str) -> NetworkRecord:
    """What there is to say of a network's file as it is now."""
    source = names.source(name)
    return NetworkRecord(
        schema_version=NetworkRecord.current,
        network=name,
        source=source.relative_to(names.FOLDER).as_posix(),
        sha256=sha256_of(source),
    )


def source_of(name: str) -> str:
    """The file that makes a network, below the study's folder."""
    return f"src/gridpress/networks/{record_of(name).source}"


def changed(project: Project, params: Params) -> Iterator[str]:
    """One line for every file that is another one than the record of its network says."""
    found: dict[str, list[str]] = {}
    for name in params.train.grid.model:
        path = project.record("network", name)
        try:
            same = not path.is_file() or load(NetworkRecord, path) == record_of(name)
        except GridpressError:  # told of the records
            continue
        if not same:
            found.setdefault(source_of(name), []).append(path.relative_to(project.root).as_posix())
    for source, records in found.items():
        yield (
            f"{source}: not the file that {' and '.join(records)} were written of; "
            "`gridpress repro` asks before it computes again"
        )
