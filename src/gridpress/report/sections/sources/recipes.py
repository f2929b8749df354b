"""Every record's place in the report: its path, and the commands that compute it again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gridpress.families.registry import BY_STAGE
from gridpress.report.data.study import Study
from gridpress.report.presentation import markup
from gridpress.study.grid import TrainRun


def anchor(stage: str, key: str) -> str:
    """Where a record is listed: an identifier that HTML, Pandoc and Typst take as it is.

    The seeds of a configuration are listed together.
    """
    place = key.rpartition("-")[0] if BY_STAGE[stage].seeded else key
    return f"record-{stage}-{re.sub(r'[^A-Za-z0-9_.-]', '_', place)}"


def link(stage: str, key: str) -> str:
    """The address for a cell that shows a value of this record."""
    return f"#{anchor(stage, key)}"


def command_of(stage: str, keys: Sequence[str]) -> str:
    """The command that computes records again, whatever DVC thinks of them."""
    return " ".join(["dvc repro -f -s", *(f"{stage}@{key}" for key in keys)])


def experiment_of(study: Study, run: TrainRun) -> str:
    """The command that runs the study with this one configuration in its grid.

    What does not vary needs no word.
    """
    settings = [f"-S 'datasets=[{run.dataset}]'"]
    settings += [f"-S 'train.grid.{axis}=[{getattr(run, axis)}]'" for axis in study.varied]
    return " ".join(["dvc exp run", *settings])


def svm_experiment_of(dataset: str, key: str) -> str:
    """The command that fits this one SVM, as `svm.configs` describes it, in a study of its dataset."""
    return f"dvc exp run -S 'datasets=[{dataset}]' svm@{key}"


def listing(study: Study) -> Iterator[str]:
    """Markdown, a box for each dataset: every configuration and SVM with its records and commands."""
    for dataset in study.datasets:
        entries = [*_networks(study, dataset), *_svms(study, dataset)]
        blocks = [
            markup.listing(
                [*(study.source(kind, key) for key in keys), command_of(kind, keys), experiment],
                anchor(kind, keys[0]),
            )
            for kind, keys, experiment in entries
        ]
        yield markup.details(f"Records and commands: {study.title(dataset)}", blocks)


def _networks(study: Study, dataset: str) -> Iterator[tuple[str, list[str], str]]:
    places: dict[str, list[str]] = {}
    for key, run in study.train_runs.items():
        if run.dataset == dataset:
            places.setdefault(anchor("train", key), []).append(key)
    for keys in places.values():
        yield "train", keys, experiment_of(study, study.train_runs[keys[0]])


def _svms(study: Study, dataset: str) -> Iterator[tuple[str, list[str], str]]:
    for key, run in study.svm_runs.items():
        if run.dataset == dataset:
            yield "svm", [key], svm_experiment_of(dataset, key)
