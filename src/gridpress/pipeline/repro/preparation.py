"""What comes before all runs: data in place, the code of networks noted, nothing asked for that must fail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from gridpress.config.params import Params
from gridpress.errors import GridpressError, InputError
from gridpress.families.networks import NETWORKS
from gridpress.pipeline.dvc.hashes import md5
from gridpress.pipeline.repro.record import recorded
from gridpress.pipeline.stages import network
from gridpress.progress import console
from gridpress.stages import BY_NAME, runs_by_name
from gridpress.study.grid import key_of, kind_of
from gridpress.study.project import Project
from gridpress.study.records.store import dumps
from gridpress.system.git import problem


def prepare(project: Project, names: Sequence[str]) -> None:
    """Run and record stages here: a process for each would take longer than most do.

    Args:
        project: the study.
        names: of `stages.preparing`.

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


def need_git(project: Project) -> None:
    """DVC needs a repository.

    Raises:
        GridpressError: Git is missing, or the study is in no repository.
    """
    if found := problem(project.root):
        raise GridpressError(found)


def expected(project: Project, params: Params) -> dict[Path, str]:
    """The MD5 sums that the records of networks will have."""
    return {
        project.record("network", name): md5(dumps(network.record_of(name)).encode())
        for name in params.train.grid.model
    }


def refuse_impossible(project: Project, params: Params, kinds: Collection[str]) -> None:
    """Before anything is computed for hours, what would fail at its turn.

    Args:
        project: the study.
        params: its parameters.
        kinds: the stages of which runs are to be computed.

    Raises:
        InputError: a line for each fault.
    """
    faults = [fault for kind in sorted(kinds) for fault in BY_NAME[kind].impossible(params, project.root)]
    if faults:
        raise InputError("\n".join(faults))


def refuse_files(project: Project, params: Params, names: Collection[str]) -> None:
    """Runs that need weights which the workers of a cluster do not have.

    Args:
        project: the study.
        params: its parameters.
        names: of the stages that are to be computed.

    Raises:
        InputError: a recipe names a file of weights.
    """
    runs = runs_by_name(params)
    members = [member for name in names for member in runs[name][0].members(runs[name][1], params, project)]
    for recipe in sorted({member.run.recipe for member in members if member.family is NETWORKS}):
        if not isinstance(weights := params.recipes[recipe].weights, str):
            raise InputError(
                f"params.yaml: recipes.{recipe}.weights names {weights.file}, which workers of a cluster do "
                "not have. Compute these runs without --scheduler, or write `weights: pretrained` and put "
                "the file into torch's cache directory on each worker."
            )
