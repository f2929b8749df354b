"""Every record's place in the report: its path, and the commands that compute it again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gridpress.families.registry import FAMILIES
from gridpress.report.data.study import Study
from gridpress.report.presentation import markup
from gridpress.stages import RUN_STAGES, AnyStage

BY_FOLDER = {stage.folder: stage for stage in RUN_STAGES}


def anchor(folder: str, key: str) -> str:
    """Where a record is listed: an identifier that HTML, Pandoc and Typst take as it is.

    The seeds of a configuration are listed together.
    """
    place = re.sub(r"[^A-Za-z0-9_.-]", "_", BY_FOLDER[folder].place(key))
    return f"record-{folder.replace('/', '-')}-{place}"


def link(folder: str, key: str) -> str:
    """The address for a cell that shows a value of this record."""
    return f"#{anchor(folder, key)}"


def command_of(stage: str, keys: Sequence[str]) -> str:
    """The command that computes records again, whatever DVC thinks of them."""
    return " ".join(["dvc repro -f -s", *(f"{stage}@{key}" for key in keys)])


def listing(study: Study) -> Iterator[str]:
    """Markdown, a box for each dataset: every configuration with its records and commands."""
    for dataset in study.datasets:
        blocks = [
            markup.listing(
                [*study.sources(stage.folder, keys), command_of(stage.stage, keys), *experiment],
                anchor(stage.folder, keys[0]),
            )
            for stage in RUN_STAGES
            for keys, experiment in _configurations(study, stage, dataset)
        ]
        yield markup.details(f"Records and commands: {study.title(dataset)}", blocks)


def _configurations(study: Study, stage: AnyStage, dataset: str) -> Iterator[tuple[list[str], list[str]]]:
    """The keys of the runs of each configuration and, of one of the grid, the command for it alone."""
    runs = {key: run for key, run in stage.runs(study.params).items() if run.dataset == dataset}
    places: dict[str, list[str]] = {}
    for key in runs:
        places.setdefault(stage.place(key), []).append(key)
    family = next((family for family in FAMILIES if family is stage), None)
    for keys in places.values():
        yield keys, [] if family is None else [family.experiment(runs[keys[0]], study.params)]
