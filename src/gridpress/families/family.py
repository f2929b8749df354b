"""What is asked of every kind of classifier."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, ClassVar, NamedTuple, TypeVar

from gridpress.config.dataset import Dataset
from gridpress.config.params import Params
from gridpress.data.loading import Labels
from gridpress.data.splits import Splits
from gridpress.families.run_stage import Member, Run, RunStage
from gridpress.study.project import Project
from gridpress.study.records.base import Record
from gridpress.study.records.runs import Epoch, Evaluation, RunRecord


class Tested(NamedTuple):
    """A classifier as it was tested.

    Attributes:
        epoch: names the state: after how many epochs, at most where training may stop early; None where there
            are none.
        trained: the epochs that training took.
        validation: the answers to the validation images.
        test: those to the test images.
        kept: the epoch that early stopping kept; None without it.
    """

    epoch: int | None
    trained: int | None
    validation: Evaluation
    test: Evaluation
    kept: int | None = None


class Rate(NamedTuple):
    """How long a run takes: so many seconds per piece of work, for runs that are alike in `unit`."""

    unit: tuple[Any, ...]
    seconds: float


R = TypeVar("R", bound=Run)
D = TypeVar("D", bound=RunRecord)
T = TypeVar("T", bound=Record)


class Family(RunStage[R, D, T]):
    """A kind of classifier, of which a run computes one.

    Attributes:
        stage: also the folder of its records and its block in params.yaml.
        singular: its name in a sentence.
        plural: of several.
        size: what its size is counted in.
        seeded: whether a result depends on the run's seed.
    """

    singular: ClassVar[str]
    plural: ClassVar[str]
    size: ClassVar[str]
    seeded: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "stage" in vars(cls):
            cls.folder = cls.stage

    def members(self, run: R, params: Params, project: Project) -> Sequence[Member]:  # noqa: ARG002
        return [Member(self, run, params)]

    def results(self, record: D) -> Sequence[RunRecord]:
        return [record]

    def repetitions(self, params: Params) -> int:  # noqa: ARG002
        """How many runs of a configuration there are, which differ in their `seed` alone."""
        return 1

    @abstractmethod
    def expected(self, run: R, params: Params) -> dict[str, Any]:
        """The fields of a run's record that params.yaml decides."""

    @abstractmethod
    def classifier(self, of: R | D) -> str:
        """The network, kernel or estimator of a run or record, as params.yaml names it."""

    @abstractmethod
    def configuration(self, of: R | D) -> tuple[Any, ...]:
        """What runs have in common that are repetitions of one another."""

    @abstractmethod
    def settings(self, of: R | D, params: Params) -> dict[str, Any]:
        """What tells the configurations of one classifier apart, by the names that params.yaml has for it."""

    @abstractmethod
    def experiment(self, run: R, params: Params) -> str:
        """The command that computes the configuration of a run alone."""

    @abstractmethod
    def title(self, classifier: str) -> str:
        """A classifier as a reader sees it: `ResNet-18`, `RBF SVM`."""

    @abstractmethod
    def phrase(self, classifier: str) -> str:
        """A classifier inside a sentence: `ResNet-18`, `the polynomial SVM`."""

    @abstractmethod
    def tested(self, record: D) -> Sequence[Tested]:
        """Where it was tested, in order; empty where it never was."""

    def diverged(self, record: D) -> bool:  # noqa: ARG002
        """Whether training broke down."""
        return False

    def curve(self, record: D) -> Sequence[Epoch]:  # noqa: ARG002
        """Its training curve; empty where it is not trained by epochs."""
        return ()

    @abstractmethod
    def faults(self, record: D, run: R, params: Params, labels: Labels, splits: Splits) -> Iterator[str]:
        """One line for everything in a record that cannot be, by itself, params.yaml and the labels.

        Args:
            record: of the run.
            run: that params.yaml asks for.
            params: of the study.
            labels: of all images of the run's dataset, [N].
            splits: which of them the study uses; of a run that draws its own training images, only how many.
        """

    @abstractmethod
    def size_of(self, record: D) -> int:
        """The size, in the unit that `size` names."""

    @abstractmethod
    def stored(self, record: D, dataset: Dataset) -> int:
        """The numbers that a trained classifier keeps, which makes families comparable."""

    def real_size(self, record: D, dataset: Dataset) -> int | None:  # noqa: ARG002
        """The size counted again without computing the run; None where only computing it tells."""
        return None

    def checkpoint(self, run: R, params: Params) -> int:  # noqa: ARG002
        """Bytes that a run may leave until it is recorded, by and large."""
        return 0

    @abstractmethod
    def training_seconds(self, timing: T, epoch: int | None) -> float:
        """How long training took, to the end of an epoch where there are epochs; NaN where it did not."""

    @abstractmethod
    def rate(self, record: D, timing: T) -> Rate | None:
        """What a finished run says of the time of others; None where it says nothing."""

    @abstractmethod
    def seconds(self, run: R, params: Params, rates: Mapping[tuple[Any, ...], float]) -> float | None:
        """How long a run takes, by the rates of finished ones; None where these say nothing of it."""

    def compute(self) -> Callable[..., tuple[D, T]]:
        """Of the stage's module: called with study, parameters, key and a way to show progress."""
        module = import_module(f"gridpress.pipeline.stages.{self.stage}")
        function: Callable[..., tuple[D, T]] = module.compute
        return function

    def compute_member(self, member: Member, project: Project, show: Any, name: str) -> tuple[D, T]:  # noqa: ARG002
        """Record and timing of one of its classifiers, as a member of a run of whatever stage.

        Args:
            member: of this family.
            project: the study.
            show: a way to show progress.
            name: of the stage's run, as DVC names it.
        """
        return self.compute()(project, member.params, member.run.key, show)
