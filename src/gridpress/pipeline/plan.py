"""What parameters ask for, in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tabulate import tabulate

from gridpress.config.data import SAMPLES
from gridpress.config.params import Params
from gridpress.errors import GridpressError
from gridpress.progress import clock
from gridpress.stages import RUN_STAGES, runs_by_name
from gridpress.study.project import Project

NAMES = {"train": "training", "validation": "validation", "test": "test"}  # of splits in a sentence


def describe(
    params: Params,
    seconds: Mapping[str, float | None] | None = None,
    undecided: Collection[str] = (),
) -> str:
    """The number of stages of each kind, their images and what they cost.

    Args:
        params: of the study.
        seconds: of each run by its name, None where unknown; without it nothing is said of costs.
        undecided: the stages whose runs are of what validation has yet to choose.
    """
    rows = {
        "datasets": ", ".join(params.datasets),
        "images": _images(params),
        **{
            stage.stage: f"up to {stage.work(params)}, of what validation will choose"
            if stage.stage in undecided
            else stage.work(params) + _cost(stage.stage, seconds)
            for stage in RUN_STAGES
            if stage.runs(params)
        },
        "hardware": ", ".join(params.hardware.machines) + ("" if seconds is None else "; not in these times"),
    }
    return str(tabulate(rows.items(), tablefmt="plain"))


def undecided(project: Project, params: Params) -> set[str]:
    """The stages of which a run depends on a choice that is not made yet with these parameters."""
    found = set()
    for stage, run in runs_by_name(params).values():
        try:
            stage.members(run, params, project)
        except GridpressError:
            found.add(stage.stage)
    return found


def _images(params: Params) -> str:
    """The images used of each split; once, where they are the same for all datasets."""
    words = {}
    for name in params.datasets:
        words[name] = ", ".join(_used(params, name, split) for split in NAMES)
    if len(set(words.values())) == 1:
        return f"{words[params.datasets[0]]} per dataset"
    return "; ".join(f"{name}: {text}" for name, text in words.items())


def _used(params: Params, dataset: str, split: str) -> str:
    """How many images of a split are used; says where there are fewer than params.yaml asks for."""
    used, wanted = params.used(dataset)[split], params.data.wanted[split]
    fewer = "" if wanted in (None, used) else f" (all there are; data.{SAMPLES[split]} is {wanted})"
    return f"{used} {NAMES[split]}{fewer}"


def _cost(kind: str, seconds: Mapping[str, float | None] | None) -> str:
    if seconds is None:
        return ""
    each = [value for name, value in seconds.items() if name.startswith(f"{kind}@")]
    known = [value for value in each if value is not None]
    if len(known) < len(each):
        return ", at a cost that no recorded run tells"
    return f", about {clock(sum(known))} on one core, estimated from the recorded runs"
