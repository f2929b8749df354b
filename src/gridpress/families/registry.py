"""All kinds of classifiers, in the order in which the study computes and shows them."""

from __future__ import annotations

from typing import Any

from gridpress.config.params import Params
from gridpress.families.baselines import BASELINES
from gridpress.families.family import Family
from gridpress.families.networks import NETWORKS
from gridpress.families.svms import SVMS

AnyFamily = Family[Any, Any, Any]

FAMILIES: tuple[AnyFamily, ...] = (NETWORKS, SVMS, BASELINES)
BY_STAGE = {family.stage: family for family in FAMILIES}


def family_of(record: object) -> AnyFamily:
    """The family that a record belongs to; TypeError where none has such records."""
    for family in FAMILIES:
        if isinstance(record, family.record):
            return family
    raise TypeError(f"no family in {[family.stage for family in FAMILIES]} has a {type(record).__name__}")


def runs_by_stage_name(params: Params) -> dict[str, tuple[AnyFamily, Any]]:
    """Every run of the study with its family, by the name of its stage: `train@KEY`."""
    return {
        f"{family.stage}@{key}": (family, run)
        for family in FAMILIES
        for key, run in family.runs(params).items()
    }
