"""The records that params.yaml names: which are there, broken, or deleted by a stage that was interrupted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.checks.setup.finding import Finding
from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.learning_curves.chosen import CHOSEN
from gridpress.messages import counted
from gridpress.results.choices import keys_of_choices
from gridpress.stages import runs_by_name
from gridpress.study.project import Project
from gridpress.study.records.chosen import ChosenRecord
from gridpress.study.records.data import DataRecord, ImagesRecord
from gridpress.study.records.networks import NetworkRecord
from gridpress.study.records.store import load
from gridpress.study.repository import Repository

NAMED = 3  # files that are spelled out; more of them are meant by their folder


def state(project: Project, params: Params, repository: Repository, *, busy: bool) -> Finding:
    """How many of the records are there; what is only not computed yet is no fault."""
    records = {path.relative_to(project.root).as_posix(): model for model, path in wanted(project, params)}
    there = {
        path: _read(project, model, path)
        for path, model in records.items()
        if (project.root / path).is_file()
    }
    broken = {path: found for path, found in there.items() if isinstance(found, str)}
    deleted = [] if busy else [path for path in records if path in repository.deleted]
    faults = [*broken.values(), *_restored(list(broken), repository)]
    if deleted:
        faults.append(
            f"{counted(len(deleted), 'record')} deleted, as by a stage that was interrupted, such as "
            f"{deleted[0]}: `gridpress repro` computes them, {_checkout(deleted)} "
            "brings the committed ones back"
        )
    said = f"{len(there)} of {len(records)} there, " + (f"{len(broken)} broken" if broken else "all valid")
    other = sum(_is_of_other_parameters(project, params, there))
    if other:
        said += f", {counted(other, 'result of other parameters')}; `gridpress repro` computes them again"
    elif len(there) < len(records) and not faults and not busy:
        said += "; `gridpress repro` computes the rest"
    return Finding("records", said, faults)


def _is_of_other_parameters(
    project: Project, params: Params, there: Mapping[str, BaseModel | str]
) -> Iterator[bool]:
    """Of each result that is there, whether it says otherwise than params.yaml asks."""
    for stage, run in runs_by_name(params).values():
        found = there.get(stage.record_path(project, run.key).relative_to(project.root).as_posix(), "")
        if isinstance(found, str):
            continue
        try:
            yield bool(stage.mismatches(found, run, params, project))
        except GridpressError:  # what it is of is not chosen
            yield True


def wanted(project: Project, params: Params) -> Iterator[tuple[type[BaseModel], Path]]:
    """The kind and the file of every record that params.yaml names."""
    for dataset in params.datasets:
        yield DataRecord, project.record("data", dataset)
    for network in params.train.grid.model:
        yield NetworkRecord, project.record("network", network)
    for key in keys_of_choices(params):
        yield ChosenRecord, project.record(CHOSEN, key)
    for stage, run in runs_by_name(params).values():
        yield stage.record, stage.record_path(project, run.key)
        yield stage.timing, stage.timing_path(project, run.key)
    for machine in params.hardware.machines:
        yield HardwareRecord, project.record("hardware", machine)
    yield ImagesRecord, project.images


def _read(project: Project, model: type[BaseModel], path: str) -> BaseModel | str:
    """A record, or the first thing wrong with it, without the place of the study on this machine."""
    try:
        return load(model, project.root / path)
    except GridpressError as error:
        return str(error).splitlines()[0].replace(f"{project.root}/", "").partition("; `gridpress check`")[0]


def _restored(broken: Sequence[str], repository: Repository) -> Iterator[str]:
    """What helps against broken records."""
    edited = [path for path in broken if path in repository.modified]
    others = [path for path in broken if path not in repository.modified]
    if edited:
        yield f"{_checkout(edited)} brings the committed ones back"
    if others:
        names = ", ".join(others) if len(others) <= NAMED else "the broken files"
        yield f"delete {names}: `gridpress repro` computes what is missing"


def _checkout(paths: Sequence[str]) -> str:
    return f"`git checkout -- {' '.join(paths) if len(paths) <= NAMED else 'metrics'}`"
