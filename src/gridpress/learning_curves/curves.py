"""The stages that compute what validation chose with other numbers of images or epochs: one object each."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from gridpress.config.params import Params
from gridpress.families.baselines import BASELINES
from gridpress.families.networks import NETWORKS
from gridpress.families.run_stage import Member, Run, RunStage
from gridpress.families.svms import SVMS
from gridpress.learning_curves.chosen import (
    BEST_NETWORK,
    CHOSEN,
    CLASSICAL,
    FOLDER,
    chosen_classical,
    chosen_networks,
)
from gridpress.learning_curves.runs import (
    ClassicalRun,
    NetworkRun,
    SaturationRun,
    classical_runs,
    network_runs,
    saturation_runs,
)
from gridpress.learning_curves.sizes import at_fraction, longer, network_at_fraction, repetition
from gridpress.messages import counted
from gridpress.study.grid import BaselineRun, SvmRun
from gridpress.study.project import Project
from gridpress.study.records.chosen import ChosenRecord
from gridpress.study.records.learning_curves import CurveRecord, CurveTiming
from gridpress.study.records.runs import RunRecord
from gridpress.study.records.store import load

R = TypeVar("R", bound=Run)


class Curve(RunStage[R, CurveRecord, CurveTiming]):
    """A stage that depends on a record of what was chosen.

    Attributes:
        kind: the folder of its records below `FOLDER`.
    """

    kind: ClassVar[str]
    record, timing = CurveRecord, CurveTiming

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.folder = f"{FOLDER}/{cls.kind}"

    @abstractmethod
    def chosen(self, run: R) -> str:
        """The key of the record of choices that a run depends on."""

    @abstractmethod
    def members_of(self, run: R, params: Params, choices: ChosenRecord) -> Sequence[Member]:
        """As `members`, from the record of choices; raises GridpressError where it is of other parameters."""

    def members(self, run: R, params: Params, project: Project) -> Sequence[Member]:
        return self.members_of(run, params, load(ChosenRecord, project.record(CHOSEN, self.chosen(run))))

    def computed(self, run: R, params: Params, project: Project) -> Sequence[Member]:
        members = self.members(run, params, project)
        return [member for member in members if not is_of_the_grid(member, params)]

    def results(self, record: CurveRecord) -> Sequence[RunRecord]:
        return record.results

    def files(self, run: R, params: Params, project: Project) -> Mapping[str, str]:
        paths = [project.record(CHOSEN, self.chosen(run))]
        for member in self.members(run, params, project):
            if is_of_the_grid(member, params):
                key = member.run.key
                paths += [member.family.record_path(project, key), member.family.timing_path(project, key)]
        return {
            path.relative_to(project.root).as_posix(): path.read_text(encoding="utf-8")
            for path in paths
            if path.is_file()
        }

    def again(self, project: Project, params: Params, key: str, show: Any) -> CurveRecord:
        record, _ = self.compute()(project, params, key, show, anew=True)
        return record

    def compute(self) -> Callable[..., tuple[CurveRecord, CurveTiming]]:
        module = import_module("gridpress.pipeline.stages.learning_curve")
        function: Callable[..., tuple[CurveRecord, CurveTiming]] = module.computing(self)
        return function


class NetworkCurves(Curve[NetworkRun]):
    """Each network of the grid at each fraction, once per seed, which draws its training images."""

    stage, kind = "learning_curve", "network"
    run = "training run of a learning curve"

    def runs(self, params: Params) -> Mapping[str, NetworkRun]:
        return network_runs(params)

    def work(self, params: Params) -> str:
        return counted(len(self.runs(params)), "run")

    def place(self, key: str) -> str:
        return key.rpartition("-")[0]

    def chosen(self, run: NetworkRun) -> str:
        return f"{run.dataset}-{run.model}"

    def members_of(self, run: NetworkRun, params: Params, choices: ChosenRecord) -> Sequence[Member]:
        return [
            Member(
                NETWORKS, chosen, network_at_fraction(params, run.dataset, run.fraction, chosen.batch_size)
            )
            for chosen in chosen_networks(choices, params, run.seed)
        ]

    def memory(self, params: Params) -> int:
        return NETWORKS.memory(params)


class ClassicalCurves(Curve[ClassicalRun]):
    """All chosen classifiers of scikit-learn at each fraction; below 1 once per seed, which draws images."""

    stage, kind = "classical_curve", "classical"
    run = "fit of a learning curve"

    def runs(self, params: Params) -> Mapping[str, ClassicalRun]:
        return classical_runs(params)

    def work(self, params: Params) -> str:
        return counted(len(self.runs(params)), "set") + " of fits"

    def chosen(self, run: ClassicalRun) -> str:
        return f"{run.dataset}-{CLASSICAL}"

    def members_of(self, run: ClassicalRun, params: Params, choices: ChosenRecord) -> Sequence[Member]:
        scaled = at_fraction(params, run.dataset, run.fraction)
        fits = [*chosen_classical(choices, params)]
        if run.fraction == 1:
            return [_fit(one, scaled) for one in fits]
        return [
            _fit(one, *repetition(scaled, one.key, seed)) for one in fits for seed in params.train.grid.seed
        ]

    def memory(self, params: Params) -> int:
        return max(
            (
                family.memory(at_fraction(params, dataset, fraction))
                for family in (SVMS, BASELINES)
                for dataset in params.datasets
                for fraction in params.learning_curve.fractions
            ),
            default=0,
        )

    def impossible(self, params: Params, root: Path) -> Iterator[str]:
        """Parameters that scikit-learn does not take with the fewest images."""
        for fraction in params.learning_curve.fractions[:1]:
            for dataset in params.datasets:
                few = at_fraction(params, dataset, fraction)
                for fault in BASELINES.impossible(few, root):
                    yield f"{fault} (learning_curve.fractions, dataset {dataset})"


class Saturation(Curve[SaturationRun]):
    """The chosen network of a dataset on all images, with more epochs; fewer than the grid's are left out."""

    stage, kind = "saturation", "saturation"
    run = "longer training run"

    def runs(self, params: Params) -> Mapping[str, SaturationRun]:
        return saturation_runs(params)

    def work(self, params: Params) -> str:
        asked = params.learning_curve.epochs
        above = [epochs for epochs in asked if epochs > params.train.epochs]
        runs = f"{counted(len(above) * len(params.datasets), 'run')} of {', '.join(map(str, above))} epochs"
        left = ", ".join(str(epochs) for epochs in asked if epochs not in above)
        return (runs if above else "none") + (f" (not above train.epochs: {left})" if left else "")

    def chosen(self, run: SaturationRun) -> str:
        return f"{run.dataset}-{BEST_NETWORK}"

    def members_of(self, run: SaturationRun, params: Params, choices: ChosenRecord) -> Sequence[Member]:
        if run.epochs <= params.train.epochs:
            return []
        more = longer(at_fraction(params, run.dataset, 1), run.epochs)
        runs = chosen_networks(choices, params, params.train.grid.seed[0])
        return [Member(NETWORKS, chosen, more) for chosen in runs]

    def memory(self, params: Params) -> int:
        return NETWORKS.memory(params)


def is_of_the_grid(member: Member, params: Params) -> bool:
    """Whether the study computes this very classifier anyway: same images, same epochs."""
    return member.draw is None and member.expected == member.family.expected(member.run, params)


def _fit(run: SvmRun | BaselineRun, params: Params, draw: int | None = None) -> Member:
    return Member(SVMS if isinstance(run, SvmRun) else BASELINES, run, params, draw)


NETWORK_CURVES, CLASSICAL_CURVES, SATURATION = NetworkCurves(), ClassicalCurves(), Saturation()
CURVES = (NETWORK_CURVES, CLASSICAL_CURVES, SATURATION)
FULL: tuple[NetworkCurves | ClassicalCurves, ...] = (NETWORK_CURVES, CLASSICAL_CURVES)


def full_size(curve: NetworkCurves | ClassicalCurves, params: Params) -> list[str]:
    """The keys of its runs with all training images: of the final models."""
    return [key for key, run in curve.runs(params).items() if run.fraction == 1]
