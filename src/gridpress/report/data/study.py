"""The study as the report sees it: exactly the records that params.yaml names, and tables of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Literal, TypeVar

import pandas as pd
from pydantic import BaseModel

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.config.dataset import Dataset
from gridpress.config.params import Params, load_params
from gridpress.config.recipes import Recipe
from gridpress.config.values import Metric
from gridpress.data.splits import Splits, split
from gridpress.families.networks import NETWORKS
from gridpress.families.registry import FAMILIES
from gridpress.families.svms import SVMS
from gridpress.report.data import frames, usable
from gridpress.report.data.published import RECIPE, Published, read_published
from gridpress.report.data.times import Times, comparable
from gridpress.study import expected
from gridpress.study.grid import (
    BaselineRun,
    SvmRun,
    TrainRun,
    baseline_runs,
    named_axes,
    svm_runs,
    train_runs,
    varied_axes,
)
from gridpress.study.project import Project
from gridpress.study.records.data import DataRecord, ImagesRecord
from gridpress.study.records.runs import SvmRecord, TrainRecord
from gridpress.study.records.store import load
from gridpress.training.milestones import tested_at

R = TypeVar("R", bound=BaseModel)


@dataclass(frozen=True, eq=False)  # by identity, so that what is derived from it can be cached
class Study:
    """Parameters and records.

    One that is not there, of other parameters, or unusable is absent from its mapping.
    """

    project: Project
    params: Params
    data: dict[str, DataRecord]
    records: dict[str, dict[str, Any]]  # by the stage of their family, then by key
    timings: dict[str, dict[str, Any]]
    hardware: dict[str, HardwareRecord]
    images: ImagesRecord | None
    published: Published
    unusable: Mapping[str, str] = field(default_factory=dict)  # what is wrong, by path

    @classmethod
    def load(cls, project: Project) -> Study:
        """Read what params.yaml names.

        Raises:
            InputError: params.yaml is not right.
            GridpressError: a record is there but cannot be read.
        """
        params = load_params(project.params)
        data = _read(DataRecord, params.datasets, lambda key: project.record("data", key))
        unusable = {"data": _leave_out(data, partial(usable.of_data, params))}
        records, timings = {}, {}
        for family in FAMILIES:
            stage, runs = family.stage, family.runs(params)
            found = _read(family.record, runs, partial(project.record, stage))
            records[stage] = {
                key: record
                for key, record in found.items()
                if not expected.mismatches(record, family.expected(runs[key], params))
            }
            unusable[stage] = _leave_out(records[stage], partial(usable.of_run, params))
            timings[stage] = _read(family.timing, records[stage], partial(project.timing, stage))
        return cls(
            project=project,
            params=params,
            data=data,
            records=records,
            timings=timings,
            hardware=_read(HardwareRecord, params.hardware.machines, partial(project.record, "hardware")),
            images=load(ImagesRecord, project.images) if project.images.is_file() else None,
            published=read_published(project.published),
            unusable={
                project.record(kind, key).relative_to(project.root).as_posix(): fault
                for kind, faults in unusable.items()
                for key, fault in faults.items()
            },
        )

    @property
    def train(self) -> dict[str, TrainRecord]:
        """The training runs."""
        return self.records[NETWORKS.stage]

    @property
    def svm(self) -> dict[str, SvmRecord]:
        """The support vector machines."""
        return self.records[SVMS.stage]

    @cached_property
    def train_runs(self) -> dict[str, TrainRun]:
        return train_runs(self.params)

    @cached_property
    def svm_runs(self) -> dict[str, SvmRun]:
        return svm_runs(self.params)

    @cached_property
    def baseline_runs(self) -> dict[str, BaselineRun]:
        return baseline_runs(self.params)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per training run and milestone, see `frames.runs`."""
        train, recipes = self.params.train, self.params.recipes
        return frames.runs(
            self.train_runs, self.train, self.times.train, lambda run: tested_at(train, recipes[run.recipe])
        )

    @property
    def test_epochs(self) -> list[int]:
        """The epochs after which a network is tested, rising; not every recipe's at all of them."""
        return sorted(int(epoch) for epoch in self.runs["epoch"].unique())

    @cached_property
    def configurations(self) -> pd.DataFrame:
        """One row per configuration and milestone, over its seeds, see `frames.configurations`."""
        return frames.configurations(self.runs, self.metric)

    @cached_property
    def history(self) -> pd.DataFrame:
        """One row per training run and epoch."""
        return frames.history(self.train_runs, self.train)

    @cached_property
    def svms(self) -> pd.DataFrame:
        """One row per support vector machine, see `frames.svms`."""
        return frames.svms(self.svm_runs, self.svm, self.times.svm, self.metric)

    @cached_property
    def times(self) -> Times:
        """The training and fit times that the report compares."""
        return comparable(self.timings)

    @property
    def metric(self) -> Metric:
        """By which configurations are chosen, of the validation images."""
        return self.params.selection.metric

    @property
    def used_recipes(self) -> dict[str, Recipe]:
        """The recipes of the grid, by name."""
        return {name: self.params.recipes[name] for name in self.params.train.grid.recipe}

    @property
    def stops_early(self) -> bool:
        """Whether one of them has early stopping."""
        return any(recipe.early_stopping != "none" for recipe in self.used_recipes.values())

    @property
    def unpublished_recipes(self) -> list[str]:
        """Those by which no published study trained."""
        return [name for name, recipe in self.used_recipes.items() if recipe != RECIPE]

    @property
    def datasets(self) -> list[str]:
        return list(self.params.datasets)

    def title(self, dataset: object) -> str:
        """How a dataset is written for a reader."""
        return self.params.dataset(str(dataset)).title

    @property
    def declared(self) -> list[Dataset]:
        """The declarations of all datasets."""
        return [self.params.dataset(dataset) for dataset in self.datasets]

    @property
    def titles(self) -> list[str]:
        """Those of all datasets."""
        return [self.title(dataset) for dataset in self.datasets]

    def classes(self, dataset: str) -> list[str]:
        """The names of a dataset's classes, by label."""
        return self.params.dataset(dataset).classes

    def used(self, dataset: str, split: Literal["train", "train_eval", "validation", "test"]) -> int:
        """How many images of a dataset's split are used."""
        return self.params.used(dataset)[split]

    def splits(self, dataset: str) -> Splits:
        """Which images of a dataset are used, by its record."""
        return self._splits[dataset]

    @cached_property
    def _splits(self) -> dict[str, Splits]:
        seed, params = self.params.data.seed, self.params
        return {
            name: split(record.true_labels(), seed, params.sizes(name), params.used(name))
            for name, record in self.data.items()
        }

    @property
    def varied(self) -> list[str]:
        """As `grid.varied_axes`."""
        return varied_axes(self.params)

    @property
    def row_axes(self) -> list[str]:
        """As `grid.named_axes`: the axes that lead the rows of a grid table."""
        return named_axes(self.params)

    @property
    def run_axes(self) -> list[str]:
        """What names a single run: the same axes, and the seed where there are several."""
        return [*self.row_axes, *(["seed"] if len(self.params.train.grid.seed) > 1 else [])]

    def source(self, kind: str, key: str) -> str:
        """The path of a record below the project; kind as in `Project.record`, or `timing/` and a kind."""
        timing = kind.removeprefix("timing/")
        path = self.project.record(kind, key) if timing == kind else self.project.timing(timing, key)
        return path.relative_to(self.project.root).as_posix()

    @property
    def images_source(self) -> str:
        """The path of the record of images below the project."""
        return self.project.images.relative_to(self.project.root).as_posix()

    def sources(self, kind: str, keys: Iterable[str] | Iterable[tuple[str, ...]]) -> list[str]:
        """Paths of several records, each once; `keys` may be groups of them."""
        flat = (key for entry in keys for key in ([entry] if isinstance(entry, str) else entry))
        return [self.source(kind, key) for key in dict.fromkeys(flat)]

    @property
    def missing(self) -> list[str]:
        """The records that params.yaml names and that are not there so, as paths below the project."""
        absent = [self.source(kind, key) for kind, key, found in self._wanted if not found]
        return absent if self.images else [*absent, self.images_source]

    @property
    def record_paths(self) -> list[str]:
        """The records that params.yaml names and that are there, timings included."""
        timings = [
            (f"timing/{family.stage}", key, key in self.timings[family.stage])
            for family in FAMILIES
            for key in family.runs(self.params)
        ]
        there = [self.source(kind, key) for kind, key, found in [*self._wanted, *timings] if found]
        return [*there, self.images_source] if self.images else there

    @property
    def run_sources(self) -> list[str]:
        """Paths of the records of all runs that are there."""
        return [path for stage, found in self.records.items() for path in self.sources(stage, found)]

    @property
    def _wanted(self) -> list[tuple[str, str, bool]]:
        """Kind and key of every result record, and whether it is there."""
        runs = [(family.stage, key) for family in FAMILIES for key in family.runs(self.params)]
        return [
            *(("data", key, key in self.data) for key in self.datasets),
            *((stage, key, key in self.records[stage]) for stage, key in runs),
            *(("hardware", key, key in self.hardware) for key in self.params.hardware.machines),
        ]


def _read(model: type[R], keys: Iterable[str], path: Callable[[str], Path]) -> dict[str, R]:
    return {key: load(model, path(key)) for key in keys if path(key).is_file()}


def _leave_out(found: dict[str, R], judge: Callable[[R], str | None]) -> dict[str, str]:
    """Take the records that `judge` finds something wrong with out of `found`; what it is, by key."""
    faults = {key: fault for key, record in found.items() if (fault := judge(record))}
    for key in faults:
        del found[key]
    return faults
