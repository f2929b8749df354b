"""Every record's place in the report: its path, and the commands that compute it again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from gridpress.grid import TrainRun
from gridpress.report import markup
from gridpress.report.names import shown
from gridpress.report.study import Study

Kind = Literal["train", "svm"]


def anchor(kind: Kind, key: str) -> str:
    """Where a record is listed: an identifier that HTML, Pandoc and Typst take as it is."""
    return f"record-{kind}-{re.sub(r'[^A-Za-z0-9_.-]', '_', key)}"


def link(kind: Kind, key: str) -> str:
    """The address for a cell that shows a value of this record."""
    return f"#{anchor(kind, key)}"


def command_of(kind: Kind, key: str) -> str:
    """The command that computes a record again, whatever DVC thinks of it."""
    return f"dvc repro -f -s {kind}@{key}"


def experiment_of(run: TrainRun) -> str:
    """The command that runs the study with this one configuration in its grid."""
    axes = {name: value for name, value in vars(run).items() if name != "dataset"}
    settings = [f"-S 'datasets=[{run.dataset}]'", *(f"-S 'train.grid.{k}=[{v}]'" for k, v in axes.items())]
    return " ".join(["dvc exp run", *settings])


def svm_experiment_of(dataset: str, key: str) -> str:
    """The command that fits this one machine, as `svm.configs` describes it, in a study of its dataset."""
    return f"dvc exp run -S 'datasets=[{dataset}]' svm@{key}"


def listing(study: Study) -> Iterator[str]:
    """Markdown, a box for each dataset: every training run and machine with its record and commands."""
    for dataset in study.datasets:
        entries: list[tuple[Kind, str, str]] = [
            *(
                ("train", k, experiment_of(run))
                for k, run in study.train_runs.items()
                if run.dataset == dataset
            ),
            *(
                ("svm", k, svm_experiment_of(dataset, k))
                for k, run in study.svm_runs.items()
                if run.dataset == dataset
            ),
        ]
        blocks = [
            markup.listing([study.source(kind, key), command_of(kind, key), experiment], anchor(kind, key))
            for kind, key, experiment in entries
        ]
        yield markup.details(f"Records and commands: {shown(dataset)}", blocks)
