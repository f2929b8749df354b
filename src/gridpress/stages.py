"""Every stage of dvc.yaml: what is computed side by side and in which order, what comes before and after."""

from __future__ import annotations

from typing import Any

from gridpress.config.params import Params
from gridpress.families.registry import FAMILIES
from gridpress.families.run_stage import RunStage
from gridpress.learning_curves.curves import CURVES

AnyStage = RunStage[Any, Any, Any]

# Runs of one phase depend on nothing that another of its runs writes; the second on what the first led to.
PHASES: tuple[tuple[AnyStage, ...], ...] = (FAMILIES, CURVES)
RUN_STAGES: tuple[AnyStage, ...] = tuple(stage for phase in PHASES for stage in phase)
BY_NAME = {stage.stage: stage for stage in RUN_STAGES}


def runs_by_name(params: Params) -> dict[str, tuple[AnyStage, Any]]:
    """Every run of the study with its stage, as DVC names it: `train@KEY`."""
    return {
        f"{stage.stage}@{key}": (stage, run)
        for stage in RUN_STAGES
        for key, run in stage.runs(params).items()
    }


def preparing(params: Params) -> list[str]:
    """The stages that come before all runs: each takes seconds, and what it writes many runs depend on."""
    return [
        *(f"fetch@{dataset}" for dataset in params.datasets),
        *(f"network@{network}" for network in params.train.grid.model),
    ]


def stage_names(params: Params) -> list[str]:
    """Every stage of the study, as DVC names it, in the order of dvc.yaml."""
    return [
        *preparing(params),
        *(f"{stage.stage}@{key}" for stage in PHASES[0] for key in stage.runs(params)),
        *(f"hardware@{machine}" for machine in params.hardware.machines),
        "summarize",
        *(f"{stage.stage}@{key}" for stage in PHASES[1] for key in stage.runs(params)),
        "final",
        "report",
    ]
