"""Every record's place in the report: its path, and the commands that compute it again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gridpress.families.registry import BY_STAGE, FAMILIES, AnyFamily
from gridpress.report.data.study import Study
from gridpress.report.presentation import markup


def anchor(stage: str, key: str) -> str:
    """Where a record is listed: an identifier that HTML, Pandoc and Typst take as it is.

    The seeds of a configuration are listed together.
    """
    place = BY_STAGE[stage].place(key)
    return f"record-{stage}-{re.sub(r'[^A-Za-z0-9_.-]', '_', place)}"


def link(stage: str, key: str) -> str:
    """The address for a cell that shows a value of this record."""
    return f"#{anchor(stage, key)}"


def command_of(stage: str, keys: Sequence[str]) -> str:
    """The command that computes records again, whatever DVC thinks of them."""
    return " ".join(["dvc repro -f -s", *(f"{stage}@{key}" for key in keys)])


def listing(study: Study) -> Iterator[str]:
    """Markdown, a box for each dataset: every configuration with its records and commands."""
    for dataset in study.datasets:
        blocks = [
            markup.listing(
                [*study.sources(family.stage, keys), command_of(family.stage, keys), experiment],
                anchor(family.stage, keys[0]),
            )
            for family in FAMILIES
            for keys, experiment in _configurations(study, family, dataset)
        ]
        yield markup.details(f"Records and commands: {study.title(dataset)}", blocks)


def _configurations(study: Study, family: AnyFamily, dataset: str) -> Iterator[tuple[list[str], str]]:
    """The keys of each configuration of a family, and the command that computes it alone."""
    runs = {key: run for key, run in family.runs(study.params).items() if run.dataset == dataset}
    places: dict[str, list[str]] = {}
    for key in runs:
        places.setdefault(family.place(key), []).append(key)
    for keys in places.values():
        yield keys, family.experiment(runs[keys[0]], study.params)
