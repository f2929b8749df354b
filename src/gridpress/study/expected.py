"""What a record says of its own parameters, as params.yaml asks for it.

Stages write it; the report and verify hold records against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from gridpress.config.params import Params
from gridpress.study.grid import SvmRun, TrainRun

SHARED = ("epochs", "image_size", "channels", "threads")


def of_training(run: TrainRun, params: Params) -> dict[str, Any]:
    """Fields of the run's `TrainRecord`; `device` only where params.yaml fixes it."""
    settings = params.train
    return {
        **asdict(run),
        **{name: getattr(settings, name) for name in SHARED},
        **({} if settings.device == "auto" else {"device": settings.device}),
        "optimizer_settings": getattr(params.optimizers, run.optimizer),
        **_images(params),
        "train_eval_samples": params.data.images("train_eval"),
    }


def of_svm(run: SvmRun, params: Params) -> dict[str, Any]:
    """Fields of the `SvmRecord` of a support vector machine."""
    return {
        "dataset": run.dataset,
        "name": run.name,
        "config": run.config,
        "scaling": params.svm.scaling,
        "max_iter": params.svm.max_iter,
        **_images(params),
    }


def otherwise(record: BaseModel, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record that are not as params.yaml wants them, with what they hold."""
    return {name: found for name, value in wanted.items() if (found := getattr(record, name)) != value}


def _images(params: Params) -> dict[str, Any]:
    data = params.data
    return {
        "data_seed": data.seed,
        "split_sizes": data.split.sizes(),
        "train_samples": data.images("train"),
        "val_samples": data.images("validation"),
        "test_samples": data.images("test"),
    }
