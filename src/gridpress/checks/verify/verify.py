"""`gridpress verify`: all records by reading, some by computing them again."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tabulate import tabulate

from gridpress.checks.verify import committed, locked, summarized
from gridpress.checks.verify.choice import draw, matching
from gridpress.checks.verify.committed import Committed, shown
from gridpress.checks.verify.compare import Row, compare
from gridpress.config.dataset import Dataset
from gridpress.config.params import Params, load_params
from gridpress.data.loading import Labels
from gridpress.errors import GridpressError, InputError
from gridpress.families.registry import family_of
from gridpress.fetch import describe as describe_data
from gridpress.messages import counted
from gridpress.pipeline.stages.images import verified_images
from gridpress.progress import progress
from gridpress.stages import runs_by_name
from gridpress.study.project import Project
from gridpress.study.records.base import Record
from gridpress.study.records.data import DataRecord
from gridpress.study.records.runs import RunRecord
from gridpress.study.records.store import dumps, load
from gridpress.system.machine import describe as describe_machine

SAMPLE = 3  # runs computed again where nobody says otherwise
SEEDS = 1_000_000


def verify(
    project: Project,
    patterns: Sequence[str],
    sample: int | None,
    seed: int | None,
    say: Callable[[str], None],
) -> bool:
    """Check all results by reading, compute some again, say what was found; nothing in the study is written.

    Args:
        project: the study.
        patterns: names of runs to compute again, see `choice.matching`; none for all that there are.
        sample: how many of them to draw; None for all that are named, or for SAMPLE where none is.
        seed: of the draw; None for another one each time.
        say: gets the text to print, piece by piece.

    Returns:
        Whether everything is as it should be.

    Raises:
        InputError: params.yaml is not right, or a pattern stands for no run.
        GridpressError: the data are missing or not the pinned ones, or a run has no record yet.
    """
    if sample is None and not patterns:
        sample = SAMPLE
    if sample is None and seed is not None:
        raise InputError("--seed decides what --sample draws; without --sample all runs named are computed")
    params = load_params(project.params)
    wanted = matching(patterns, runs_by_name(params))
    runs, unreadable = committed.read(project, params)
    faults = [*unreadable, *locked.faults(project, params), *_by_reading(project, params, runs)]
    say("\n  ".join([f"{counted(len(runs), 'run')} read, faults found: {len(faults) or 'none'}", *faults]))
    present = [name for name in wanted if name in runs]
    if not present or (patterns and len(present) < len(wanted)):
        absent = next(name for name in wanted if name not in runs)
        raise GridpressError(f"{absent} has no record to compare with; `gridpress repro` computes it")
    if sample is not None:
        seed = secrets.randbelow(SEEDS) if seed is None else seed
        drawn = draw(present, sample, seed)
        if drawn:
            say(f"{len(drawn)} of {counted(len(present), 'run')} computed again, drawn with --seed {seed}")
        present = drawn
    here = describe_machine()
    comparisons = [
        compare(runs[name], _compute(project, params, runs[name]), _alike(runs, name), here)
        for name in present
    ]
    remarks = dict.fromkeys(remark for comparison in comparisons for remark in comparison.remarks)
    if comparisons:
        say("\n".join([_table([row for comparison in comparisons for row in comparison.rows]), *remarks]))
    return not faults and all(comparison.confirmed for comparison in comparisons)


@dataclass(frozen=True)
class _Elsewhere(Project):
    """The study's data, with checkpoints in a folder of their own."""

    temporary: Path

    @property
    def scratch(self) -> Path:
        return self.temporary


def _alike(runs: Mapping[str, Committed], name: str) -> list[RunRecord]:
    """The results of all runs of the same stage and, where it has sizes, with as many training images."""
    stage, run = runs[name].stage, runs[name].run
    fraction = getattr(run, "fraction", None)
    return [
        result
        for other in runs.values()
        if other.stage is stage and getattr(other.run, "fraction", None) == fraction
        for result in other.results
    ]


def _compute(project: Project, params: Params, run: Committed) -> Record:
    """The record that a run gives now, from the beginning; the study's folder is only read."""
    with tempfile.TemporaryDirectory(prefix="gridpress-verify-") as folder:
        elsewhere = _Elsewhere(project.root, Path(folder))
        record: Record = run.stage.again(elsewhere, params, run.run.key, progress)
        return record


def _by_reading(project: Project, params: Params, runs: dict[str, Committed]) -> list[str]:
    faults: list[str] = []
    for dataset in params.datasets:
        images = verified_images(project, params, dataset)  # refuses data that are not the pinned ones
        faults += _of_data(project, params, dataset)
        for run in runs.values():
            if run.run.dataset == dataset:
                path = shown(project, run.stage.record_path(project, run.run.key))
                found = [
                    *_of_run(project, params, run, images.labels),
                    *_of_size(run, params.dataset(dataset)),
                ]
                faults += [f"{path}: {fault}" for fault in found]
    return faults or [*summarized.faults(project, params, runs)]


def _of_run(project: Project, params: Params, run: Committed, labels: Labels) -> Iterator[str]:
    try:
        yield from run.stage.faults_of(run.record, run.run, params, project, labels)
    except GridpressError as error:  # what it depends on
        yield str(error).replace(f"{project.root}{os.sep}", "")


def _of_size(run: Committed, dataset: Dataset) -> Iterator[str]:
    for result in run.results:
        family = family_of(result)
        found, real = family.size_of(result), family.real_size(result, dataset)
        if real is not None and found != real:
            yield f"{family.size} is {found}, but {family.classifier(result)} has {real}"


def _of_data(project: Project, params: Params, dataset: str) -> Iterator[str]:
    """Faults of the record of a dataset whose files are the pinned ones."""
    found, path = (
        describe_data(dataset, params.dataset(dataset), project.raw(dataset)),
        project.record("data", dataset),
    )
    try:
        record = load(DataRecord, path)
    except GridpressError as error:
        yield str(error).replace(str(path), shown(project, path))
        return
    if record != found or path.read_bytes() != dumps(found).encode():
        yield f"{shown(project, path)}: does not describe the fetched files"


def _table(rows: Sequence[Row]) -> str:
    heads = ("run", "accuracy", "committed", "computed again", "difference", "expected", "verdict")
    cells = [
        (
            row.name,
            row.accuracy,
            _percent(row.committed),
            _percent(row.again),
            "" if row.committed is None or row.again is None else f"{100 * (row.again - row.committed):+.2f}",
            row.expected,
            row.verdict,
        )
        for row in rows
    ]
    sides = ("left", "left", "right", "right", "right", "left", "left")
    return str(tabulate(cells, heads, disable_numparse=True, colalign=sides))


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{100 * share:.2f}"
