"""What is out of date, by DVC's own judgement."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dvc.exceptions import DvcException
from dvc.repo import Repo, lock_repo
from dvc.stage import PipelineStage
from dvc.stage.serialize import to_single_stage_lockfile
from dvc.utils import dict_sha256

from gridpress.errors import GridpressError
from gridpress.stages import BY_NAME
from gridpress.study.grid import kind_of
from gridpress.study.project import Project


@contextmanager
def opened(project: Project) -> Iterator[Repo]:
    """The study as DVC sees it now, with DVC's lock held.

    Raises:
        GridpressError: DVC cannot read or write the study, or another DVC process holds it; says what DVC
            says.
    """
    logging.getLogger("dvc").setLevel(logging.WARNING)  # every batch would report its write of dvc.lock
    with translated(project), Repo(str(project.root)) as repo, lock_repo(repo):
        yield repo


@contextmanager
def translated(project: Project) -> Iterator[None]:
    """DVC's errors in the block as ours.

    Raises:
        GridpressError: says what DVC says.
    """
    try:
        yield
    except DvcException as error:
        reasons = [str(error), *(str(cause) for cause in _causes(error))]
        raise GridpressError("DVC: " + ": ".join(dict.fromkeys(reasons))) from None
    except OSError as error:  # Python does not say which file it was when a disk is full
        raise GridpressError(f"DVC in {error.filename or project.root}: {error.strerror}") from None


def stages(repo: Repo) -> dict[str, Any]:
    """The stages of dvc.yaml by name, in its order."""
    return {stage.name: stage for stage in repo.index.stages if isinstance(stage, PipelineStage)}


def stale(project: Project, *, everything: bool = False) -> dict[str, str]:
    """The names of all stages that `dvc repro` would run now, each with the digest of its inputs.

    Args:
        project: the study.
        everything: as if all were out of date.
    """
    with opened(project) as repo:
        changed = [stage for stage in stages(repo).values() if everything or stage.changed()]
        return {stage.name: inputs_digest(stage) for stage in changed}


def stale_after(project: Project, expected: Mapping[Path, str]) -> list[str]:
    """As `stale`, but what is written before all runs counts as what it will be.

    Args:
        project: the study.
        expected: MD5 sums of such files; data that will be fetched are those that DVC recorded.
    """
    with opened(project) as repo:
        known = stages(repo)
        fetching = [stage for stage in known.values() if kind_of(stage.name) == "fetch" and stage.changed()]
        coming = {out.fs_path: out.hash_info.value for stage in fetching for out in stage.outs}
        coming |= {str(path): md5 for path, md5 in expected.items()}

        def changed(dep: Any) -> bool:
            path = dep.fs_path
            return bool(dep.hash_info.value != coming[path] if path in coming else dep.status())

        return [
            stage.name
            for stage in known.values()
            if stage in fetching
            or stage.changed_stage()
            or stage.changed_outs()
            or any(map(changed, stage.deps))
        ]


def changed_inputs(
    project: Project, names: Collection[str], expected: Mapping[Path, str]
) -> dict[str, list[str]]:
    """What DVC finds changed of each of these stages: dependencies, outputs, the command in dvc.yaml.

    Args:
        project: the study.
        names: of the stages.
        expected: MD5 sums of files that will be written before the stages run.
    """
    with opened(project) as repo:
        known = stages(repo)
        coming = {path.relative_to(project.root).as_posix(): md5 for path, md5 in expected.items()}
        return {name: list(_changes(known[name], coming)) for name in names if name in known}


def _changes(stage: Any, coming: Mapping[str, str]) -> Iterator[str]:
    deps, outs, command = stage.changed_entries()
    yield from [dep for dep in deps if dep != "params.yaml" and dep not in coming]
    recorded = {str(dep): dep.hash_info.value for dep in stage.deps}
    yield from [path for path, md5 in coming.items() if path in recorded and recorded[path] != md5]
    yield from (f"{out}, which is not as dvc.lock records it" for out in outs)
    if command:
        yield "dvc.yaml, whose command is another one"
    if "params.yaml" in deps:
        yield "dvc.yaml, which names other parameters"


def inputs_digest(stage: Any) -> str:
    """A hash of everything that decides a stage's result: command, parameters, data and code.

    It is that of the entry that DVC would write now, with the names of the outputs alone. Stages that are not
    computed side by side, and stages whose dependencies are not all there yet, have the digest "".
    """
    if kind_of(stage.name) not in BY_NAME or not all(dep.exists for dep in stage.deps):
        return ""
    stage.save_deps()
    entry = to_single_stage_lockfile(stage)
    entry["outs"] = [out["path"] for out in entry["outs"]]
    return str(dict_sha256(entry, exclude=["size", "nfiles"]))


def _causes(error: BaseException) -> Iterator[BaseException]:
    while error.__cause__ is not None:
        error = error.__cause__
        yield error
