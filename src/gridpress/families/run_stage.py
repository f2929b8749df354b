"""A stage of dvc.yaml that computes one result per run, and what is asked of each such stage."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from gridpress.config.params import Params
from gridpress.data.loading import Labels
from gridpress.data.splits import Splits, split
from gridpress.study import expected
from gridpress.study.project import Project
from gridpress.study.records.base import Record
from gridpress.study.records.runs import RunRecord
from gridpress.system.machine import Machine

if TYPE_CHECKING:
    from gridpress.families.family import Family


class Run(Protocol):
    """One run that params.yaml asks for."""

    @property
    def dataset(self) -> str: ...

    @property
    def key(self) -> str: ...


class Timing(Protocol):
    """The timing record of a run."""

    @property
    def machine(self) -> Machine | None: ...


@dataclass(frozen=True)
class Member:
    """One classifier that is trained or fitted in a run.

    Attributes:
        family: its kind.
        run: of the family.
        params: that decide it, which may be other ones than the study's.
        draw: the seed of a training sample of its own, where the parameters do not say it.
    """

    family: Family[Any, Any, Any]
    run: Any
    params: Params
    draw: int | None = None

    @property
    def expected(self) -> dict[str, Any]:
        """The fields of its record that the parameters decide."""
        return self.family.expected(self.run, self.params)

    def splits(self, labels: Labels) -> Splits:
        """Which images it uses; of a network that draws its own training images, only how many."""
        return split(labels, self.params.division(self.run.dataset), self.draw)

    def faults(self, record: RunRecord, labels: Labels) -> Iterator[str]:
        """As `Family.faults`."""
        yield from self.family.faults(record, self.run, self.params, labels, self.splits(labels))


R = TypeVar("R", bound=Run)
D = TypeVar("D", bound=Record)
T = TypeVar("T", bound=Record)


class RunStage(ABC, Generic[R, D, T]):
    """A stage with a matrix, whose runs are computed side by side.

    Attributes:
        stage: its name in dvc.yaml.
        folder: of its records below `metrics/`, and of its timing records below `metrics/timing/`.
        run: what one of its runs is called.
        record: what `metrics/FOLDER/KEY.json` holds.
        timing: what `metrics/timing/FOLDER/KEY.json` holds.
    """

    stage: ClassVar[str]
    folder: ClassVar[str]
    run: ClassVar[str]
    record: type[D]
    timing: type[T]

    @abstractmethod
    def runs(self, params: Params) -> Mapping[str, R]:
        """The runs that params.yaml asks for, by key, in its order."""

    def place(self, key: str) -> str:
        """What the keys of runs have in common that are repetitions of one another."""
        return key

    @abstractmethod
    def work(self, params: Params) -> str:
        """How many runs params.yaml asks for, and what each is, in words."""

    @abstractmethod
    def members(self, run: R, params: Params, project: Project) -> Sequence[Member]:
        """What is computed in a run.

        Raises:
            GridpressError: it depends on a record that is not there, or that is of other parameters.
        """

    def computed(self, run: R, params: Params, project: Project) -> Sequence[Member]:
        """Of these the ones that no other stage computes anyway; raises as `members`."""
        return self.members(run, params, project)

    @abstractmethod
    def results(self, record: D) -> Sequence[RunRecord]:
        """What a record holds: one for each member."""

    @abstractmethod
    def memory(self, params: Params) -> int:
        """Bytes that a run needs at its peak beyond those of a process that has imported everything."""

    @abstractmethod
    def compute(self) -> Callable[..., tuple[D, T]]:
        """The function that gives record and timing; imports torch or scikit-learn."""

    def again(self, project: Project, params: Params, key: str, show: Any) -> D:
        """The record of a run, computed from the beginning, whatever is recorded."""
        record, _ = self.compute()(project, params, key, show)
        return record

    def impossible(self, params: Params, root: Path) -> Iterator[str]:  # noqa: ARG002
        """One line for every run that cannot be computed, as only the library that computes it can tell.

        Args:
            params: of the study.
            root: its folder.
        """
        yield from ()

    def files(self, run: R, params: Params, project: Project) -> Mapping[str, str]:  # noqa: ARG002
        """What a run reads of the study besides its data: the text of each file, by its path below it."""
        return {}

    def record_path(self, project: Project, key: str) -> Path:
        return project.record(self.folder, key)

    def timing_path(self, project: Project, key: str) -> Path:
        return project.timing(self.folder, key)

    def mismatches(self, record: D, run: R, params: Params, project: Project) -> dict[str, Any]:
        """What a record holds of fields that params.yaml wants otherwise.

        Raises:
            GridpressError: as `members`.
        """
        members, results = self.members(run, params, project), self.results(record)
        if len(members) != len(results):
            return {"results": len(results)}
        return {
            name: found
            for member, result in zip(members, results, strict=True)
            for name, found in expected.mismatches(result, member.expected).items()
        }

    def faults_of(self, record: D, run: R, params: Params, project: Project, labels: Labels) -> Iterator[str]:
        """One line for everything in a record that cannot be, by itself, params.yaml and the labels.

        Args:
            record: of the run.
            run: that params.yaml asks for.
            params: of the study.
            project: the study.
            labels: of all images of the run's dataset, [N].

        Raises:
            GridpressError: as `members`.
        """
        members, results = self.members(run, params, project), self.results(record)
        if len(members) != len(results):
            yield f"results holds {len(results)}, params.yaml asks for {len(members)}"
            return
        for member, result in zip(members, results, strict=True):
            yield from member.faults(result, labels)
