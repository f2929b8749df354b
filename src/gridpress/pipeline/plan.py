"""What parameters ask for, in words."""

from __future__ import annotations

from collections.abc import Mapping

from tabulate import tabulate

from gridpress.config.params import Params, Train
from gridpress.progress import clock
from gridpress.study.grid import svm_runs, train_runs


def describe(params: Params, seconds: Mapping[str, float | None] | None = None) -> str:
    """The number of stages of each kind, the images they use and, with `seconds` per stage, what they cost."""
    data = params.data
    train, validation, test = (data.images(split) for split in ("train", "validation", "test"))
    rows = {
        "datasets": ", ".join(params.datasets),
        "images": f"{train} training, {validation} validation, {test} test per dataset",
        "train": f"{len(train_runs(params))} runs of {_epochs(params.train)}{_cost('train', seconds)}",
        "svm": f"{len(svm_runs(params))} fits{_cost('svm', seconds)}",
        "hardware": ", ".join(params.hardware.machines) + ("" if seconds is None else "; not in these times"),
    }
    return str(tabulate(rows.items(), tablefmt="plain"))


def _epochs(train: Train) -> str:
    return f"{train.epochs} epochs" + (f" ({train.left_out})" if train.left_out else "")


def _cost(kind: str, seconds: Mapping[str, float | None] | None) -> str:
    if seconds is None:
        return ""
    each = [value for name, value in seconds.items() if name.startswith(f"{kind}@")]
    known = [value for value in each if value is not None]
    if len(known) < len(each):
        return ", at a cost that no recorded run tells"
    return f", about {clock(sum(known))} on one core, estimated from the recorded runs"
