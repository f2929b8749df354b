"""What parameters ask for, in words, and how a profile is run."""

from __future__ import annotations

from collections.abc import Mapping

from tabulate import tabulate

from gridpress.errors import InputError
from gridpress.grid import svm_runs, train_runs
from gridpress.messages import nearest
from gridpress.params import Params, Profile
from gridpress.progress import clock


def describe(params: Params, seconds: Mapping[str, float | None] | None = None) -> str:
    """The number of stages of each kind, the images they use and, with `seconds` per stage, what they cost."""
    data = params.data
    train, validation, test = (data.images(split) for split in ("train", "validation", "test"))
    rows = {
        "datasets": ", ".join(params.datasets),
        "images": f"{train} training, {validation} validation, {test} test per dataset",
        "train": f"{len(train_runs(params))} runs of {params.train.epochs} epochs{_cost('train', seconds)}",
        "svm": f"{len(svm_runs(params))} fits{_cost('svm', seconds)}",
        "hardware": ", ".join(params.hardware.machines) + ("" if seconds is None else "; not in these times"),
        "profiles": ", ".join(params.profiles) or "none",
    }
    return str(tabulate(rows.items(), tablefmt="plain"))


def _cost(kind: str, seconds: Mapping[str, float | None] | None) -> str:
    if seconds is None:
        return ""
    each = [value for name, value in seconds.items() if name.startswith(f"{kind}@")]
    known = [value for value in each if value is not None]
    if len(known) < len(each):
        return ", at a cost that no recorded run tells"
    return f", about {clock(sum(known))} on one core, estimated from the recorded runs"


def with_profile(params: Params, name: str) -> Params:
    """The parameters with the blocks of a profile in place of their own.

    Raises:
        InputError: there is no such profile.
    """
    if name not in params.profiles:
        names = ", ".join(params.profiles) or "none"
        raise InputError(
            f"params.yaml has no profile {name!r}; it has {names}.{nearest(name, params.profiles)}"
        )
    profile = params.profiles[name]
    return params.model_copy(update={block: getattr(profile, block) for block in Profile.model_fields})


def command_for(name: str) -> str:
    """The command that runs the study under a profile."""
    blocks = (f"-S '{block}=${{profiles.{name}.{block}}}'" for block in Profile.model_fields)
    return " ".join(["dvc exp run", *blocks])
