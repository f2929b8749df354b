"""The study as the report sees it: exactly the records that params.yaml names, and tables of them."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

import pandas as pd

from gridpress.config.dataset import Dataset
from gridpress.config.recipes import Recipe
from gridpress.config.values import Metric
from gridpress.data.splits import Splits, split
from gridpress.families.networks import NETWORKS
from gridpress.families.svms import SVMS
from gridpress.report.data import frames
from gridpress.report.data.published import RECIPE
from gridpress.report.data.records import Records
from gridpress.report.data.times import Times, comparable
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
from gridpress.study.records.runs import SvmRecord, TrainRecord
from gridpress.training.milestones import tested_at


class Study(Records):
    """Parameters, records, and tables of them."""

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
        return {
            dataset: split(record.true_labels(), self.params.division(dataset))
            for dataset, record in self.data.items()
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
