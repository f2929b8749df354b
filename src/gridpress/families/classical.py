"""What scikit-learn's classifiers have in common: each is fitted once, and tested as it then is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from gridpress.config.params import Params
from gridpress.data.loading import Labels
from gridpress.data.splits import Splits
from gridpress.families.consistency import contradictions, no_share, other_parameters
from gridpress.families.family import Family, Tested
from gridpress.families.run_stage import Member
from gridpress.messages import counted
from gridpress.study.grid import BaselineRun, SvmRun
from gridpress.study.project import Project
from gridpress.study.records.runs import BaselineRecord, SvmRecord
from gridpress.study.records.timings import ClassicalTiming

R = TypeVar("R", SvmRun, BaselineRun)
D = TypeVar("D", SvmRecord, BaselineRecord)


class Classical(Family[R, D, ClassicalTiming]):
    """A kind of classifier of scikit-learn, one record per configuration."""

    timing = ClassicalTiming

    def work(self, params: Params) -> str:
        return counted(len(self.runs(params)), "fit")

    def configuration(self, of: R | D) -> tuple[Any, ...]:
        return of.dataset, of.name

    def experiment(self, run: R, params: Params) -> str:  # noqa: ARG002
        """This one configuration, as its block of params.yaml describes it, in a study of its dataset."""
        return f"dvc exp run -S 'datasets=[{run.dataset}]' {self.stage}@{run.key}"

    def tested(self, record: D) -> Sequence[Tested]:
        return [Tested(None, None, record.validation, record.test)]

    def compute_member(
        self,
        member: Member,
        project: Project,
        show: Any,
        name: str,  # noqa: ARG002
    ) -> tuple[D, ClassicalTiming]:
        return self.compute()(project, member.params, member.run.key, show, member.draw)

    def training_seconds(self, timing: ClassicalTiming, epoch: int | None) -> float:  # noqa: ARG002
        return timing.fit_seconds

    def faults(self, record: D, run: R, params: Params, labels: Labels, splits: Splits) -> Iterator[str]:
        yield from other_parameters(record, self.expected(run, params))
        yield from no_share("train_accuracy", record.train_accuracy, len(splits.train))
        classes = len(params.dataset(run.dataset).classes)
        for name in ("validation", "test"):
            yield from contradictions(name, getattr(record, name), labels, getattr(splits, name), classes)


def features_memory(params: Params) -> int:
    """Bytes of the features of all splits in float64, those of the training images twice."""
    images = [{**params.used(name), "pixels": params.dataset(name).pixels} for name in params.datasets]
    return max(
        8 * (2 * used["train"] + used["validation"] + used["test"]) * used["pixels"] for used in images
    )
