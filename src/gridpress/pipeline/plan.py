"""What parameters ask for, in words."""

from __future__ import annotations

from collections.abc import Mapping

from tabulate import tabulate

from gridpress.config.params import Params
from gridpress.progress import clock
from gridpress.stages import RUN_STAGES


def describe(params: Params, seconds: Mapping[str, float | None] | None = None) -> str:
    """The number of stages of each kind, their images and, with `seconds` per stage, what they cost."""
    rows = {
        "datasets": ", ".join(params.datasets),
        "images": _images(params),
        **{
            stage.stage: stage.work(params) + _cost(stage.stage, seconds)
            for stage in RUN_STAGES
            if stage.runs(params)
        },
        "hardware": ", ".join(params.hardware.machines) + ("" if seconds is None else "; not in these times"),
    }
    return str(tabulate(rows.items(), tablefmt="plain"))


def _images(params: Params) -> str:
    """The images used of each split; once, where they are the same for all datasets."""
    words = {}
    for name in params.datasets:
        used = params.used(name)
        words[name] = f"{used['train']} training, {used['validation']} validation, {used['test']} test"
    if len(set(words.values())) == 1:
        return f"{words[params.datasets[0]]} per dataset"
    return "; ".join(f"{name}: {text}" for name, text in words.items())


def _cost(kind: str, seconds: Mapping[str, float | None] | None) -> str:
    if seconds is None:
        return ""
    each = [value for name, value in seconds.items() if name.startswith(f"{kind}@")]
    known = [value for value in each if value is not None]
    if len(known) < len(each):
        return ", at a cost that no recorded run tells"
    return f", about {clock(sum(known))} on one core, estimated from the recorded runs"
