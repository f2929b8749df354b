"""What comes before all runs: data in place, the code of networks noted, nothing asked for that must fail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from gridpress.config.params import Params
from gridpress.errors import InputError
from gridpress.families.registry import BY_STAGE
from gridpress.pipeline.dvc.hashes import md5
from gridpress.pipeline.repro.record import recorded
from gridpress.pipeline.stages import network
from gridpress.progress import console
from gridpress.study.grid import key_of, kind_of
from gridpress.study.project import Project
from gridpress.study.records.store import dumps


def prepare(project: Project, names: Sequence[str]) -> None:
    """Run and record stages here: a process for each would take longer than most do.

    Args:
        project: the study.
        names: of `families.registry.preparing`.

    Raises:
        GridpressError: as the stages do, or DVC cannot record them.
    """
    from gridpress.pipeline.stages import fetch  # noqa: PLC0415  # pooch, only where data are missing

    for name in names:
        kind, key = kind_of(name), key_of(name)
        console.print(f"Running stage '{name}'", markup=False)
        if kind == "fetch":
            with recorded(project, name, [project.raw(key), project.record("data", key)]):
                fetch.run(project, key, None)
        else:
            with recorded(project, name, [project.record(kind, key)]):
                network.run(project, key)


def expected(project: Project, params: Params) -> dict[Path, str]:
    """The MD5 sums that the records of networks will have."""
    return {
        project.record("network", name): md5(dumps(network.record_of(name)).encode())
        for name in params.train.grid.model
    }


def refuse_impossible(params: Params, kinds: Collection[str]) -> None:
    """Before anything is computed for hours, what would fail at its turn.

    Args:
        params: of the study.
        kinds: the stages of families of which runs are to be computed.

    Raises:
        InputError: a line for each fault.
    """
    faults = [fault for kind in sorted(kinds) for fault in BY_STAGE[kind].impossible(params)]
    if faults:
        raise InputError("\n".join(faults))
