"""What a record says of its own parameters, as params.yaml asks for it.

Stages write it; the report and verify hold records against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from gridpress.config.params import Params
from gridpress.study.grid import BaselineRun, SvmRun, TrainRun

SHARED = ("epochs", "image_size", "channels", "threads", "seeds", "subset")


def train_fields(run: TrainRun, params: Params) -> dict[str, Any]:
    """Fields of the run's `TrainRecord`; `device` only where params.yaml fixes it."""
    settings = params.train
    return {
        **asdict(run),
        **{name: getattr(settings, name) for name in SHARED},
        **({} if settings.device == "auto" else {"device": settings.device}),
        "optimizer_settings": getattr(params.optimizers, run.optimizer),
        "recipe_settings": params.recipes[run.recipe],
        **_images(params, run.dataset),
        "train_eval_samples": params.used(run.dataset)["train_eval"],
    }


def svm_fields(run: SvmRun, params: Params) -> dict[str, Any]:
    """Fields of the `SvmRecord` of a support vector machine."""
    return {
        "dataset": run.dataset,
        "name": run.name,
        "config": run.config,
        "scaling": params.svm.scaling,
        "max_iter": params.svm.max_iter,
        **_images(params, run.dataset),
    }


def baseline_fields(run: BaselineRun, params: Params) -> dict[str, Any]:
    """Fields of the `BaselineRecord` of another classifier of scikit-learn."""
    return {
        "dataset": run.dataset,
        "name": run.name,
        "config": run.config,
        "seed": params.baseline.seed,
        **_images(params, run.dataset),
    }


def mismatches(record: BaseModel, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record that are not as params.yaml wants them, with what they hold."""
    return {name: found for name, value in wanted.items() if (found := getattr(record, name)) != value}


def _images(params: Params, dataset: str) -> dict[str, Any]:
    used = params.used(dataset)
    return {
        "data_seed": params.data.seed,
        "split_sizes": params.sizes(dataset),
        "train_samples": used["train"],
        "val_samples": used["validation"],
        "test_samples": used["test"],
    }
