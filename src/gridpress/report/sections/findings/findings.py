"""What the study found: facts that the templates turn into sentences, and nothing that no test is behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gridpress.benchmark.records.hardware import HardwareRecord
from gridpress.report.analysis import best
from gridpress.report.analysis.best import Best
from gridpress.report.analysis.contradictions import contradictions
from gridpress.report.analysis.pairwise import Versus, against_best
from gridpress.report.data.frames import MEASURED, rows_of
from gridpress.report.data.study import Study
from gridpress.report.presentation.names import AXIS_TITLES, configuration
from gridpress.report.sections import hardware
from gridpress.report.sections.claims.judge import Verdict
from gridpress.report.sections.claims.table import judged
from gridpress.report.sections.errors import classes, shared_errors
from gridpress.report.sections.hardware import speedups
from gridpress.report.sections.limitations import limitations
from gridpress.report.sections.networks import noise, overfitting
from gridpress.report.sections.networks.effects import AxisEffect, axis_effects
from gridpress.report.sections.svm import trends
from gridpress.stats.significance import not_distinguishable


@dataclass(frozen=True)
class Leaders:
    """A dataset's best network and SVM, and their comparison on the same test images.

    `versus.first` is the one with the higher test accuracy.
    """

    dataset: str
    network: Best | None
    machine: Best | None
    versus: Versus | None

    @property
    def quicker(self) -> Best | None:
        """The one that trains in less time; None where a time is missing."""
        both = [best for best in (self.network, self.machine) if best and best.training_seconds > 0]
        return min(both, key=lambda best: best.training_seconds) if len(both) == 2 else None


def leaders(study: Study) -> list[Leaders]:
    """Per dataset; the p values are those of the table that compares all chosen classifiers."""
    networks, svms = best.overall(best.networks(study)), best.overall(best.svms(study))
    bests = [*best.networks(study), *best.svms(study)]
    tested, winners = against_best(bests), best.overall(bests)

    def versus(dataset: str) -> Versus | None:
        if dataset not in networks or dataset not in svms:
            return None
        loser = svms if winners[dataset] == networks[dataset] else networks
        return tested[dataset, loser[dataset].classifier].ordered

    return [
        Leaders(dataset, networks.get(dataset), svms.get(dataset), versus(dataset))
        for dataset in study.datasets
        if dataset in networks or dataset in svms
    ]


@dataclass(frozen=True)
class SettingEffects:
    """What one change of a setting does on every dataset; `strongest` by absolute difference."""

    title: str
    move: str
    effects: Sequence[AxisEffect]
    single_runs: bool

    @property
    def strongest(self) -> AxisEffect:
        return max(self.effects, key=lambda entry: abs(entry.result.difference))

    @property
    def told_apart(self) -> list[AxisEffect]:
        return [entry for entry in self.effects if entry.distinguishable]

    @property
    def not_told_apart(self) -> list[AxisEffect]:
        return [entry for entry in self.effects if not entry.distinguishable]


def settings(study: Study) -> list[SettingEffects]:
    """Changes by the size of their strongest effect, the largest first."""
    found: dict[tuple[str, str], list[AxisEffect]] = {}
    for entry in axis_effects(study):
        found.setdefault((AXIS_TITLES[entry.axis], entry.move), []).append(entry)
    single = len(study.params.train.grid.seed) == 1
    groups = [SettingEffects(title, move, effects, single) for (title, move), effects in found.items()]
    return sorted(groups, key=lambda group: -abs(group.strongest.result.difference))


WORTH_SAVING = 0.1  # of the training time; less is no reason to choose otherwise


@dataclass(frozen=True)
class Thrift:
    """The quickest network configuration that the test images do not tell from the chosen one."""

    dataset: str
    chosen: Best
    words: str
    seconds: float
    accuracy: float

    @property
    def saved(self) -> float:
        """Share of the chosen one's training time."""
        return 1 - self.seconds / self.chosen.training_seconds


def thrifty(study: Study) -> list[Thrift]:
    """Per dataset; only where one is much quicker than the choice. Not told apart is not proven equal."""
    found = []
    for dataset, winner in best.overall(best.networks(study)).items():
        table = study.configurations
        here = table[(table["dataset"] == dataset) & (table["state"] == MEASURED)]
        rows = [row for row in rows_of(here) if winner.key not in row["keys"] or row["epoch"] != winner.epoch]
        keys = [best.leading_seed(study, row) for row in rows]
        states = [best.milestone(study, key, int(row["epoch"])) for key, row in zip(keys, rows, strict=True)]
        alike = not_distinguishable(
            winner.wrong.index, [state.misclassified.index for state in states], winner.images
        )
        quick = [
            (row["training_seconds"], state.test_accuracy, row)
            for row, state, same in zip(rows, states, alike, strict=True)
            if same and row["training_seconds"] < (1 - WORTH_SAVING) * winner.training_seconds
        ]
        if quick:
            seconds, accuracy, row = min(quick, key=lambda entry: entry[0])
            epochs = "1 epoch" if row["epoch"] == 1 else f"{row['epoch']} epochs"
            words = f"{configuration(row, ['model', *study.row_axes])}, {epochs}"
            found.append(Thrift(dataset, winner, words, seconds, accuracy))
    return found


@dataclass(frozen=True)
class Fastest:
    """The target of a machine with the highest speedup for a training step, and the slowest."""

    machine: str
    model: str
    work: str
    target: str
    baseline: str
    speedup: float
    low: float
    high: float
    distinguishable: bool
    figure: str
    precision: str | None  # of the target, where no network was trained so
    absent: Sequence[str]


def fastest(study: Study) -> list[Fastest]:
    """Per machine, for the network whose training step gains most."""
    table = hardware.cases(study)
    if table.empty:
        return []
    found = []
    training = table[(table["phase"] == "training")].dropna(subset=["speedup"])
    for machine, here in training.groupby("machine", sort=False):
        row = max(rows_of(here), key=lambda row: float(row["speedup"]))
        record = study.hardware[str(machine)]
        found.append(
            Fastest(
                machine=str(machine),
                model=row["model"],
                work=row["work"],
                target=row["target"],
                baseline=row["baseline"],
                speedup=row["speedup"],
                low=row["speedup_low"],
                high=row["speedup_high"],
                distinguishable=bool(row["distinguishable"]),
                precision=_untrained(study, record, row["target"]),
                figure=speedups.figure_name(record, row["batch_size"]),
                absent=[target.name for target in record.targets if target.absent is not None],
            )
        )
    return found


def _untrained(study: Study, record: HardwareRecord, target: str) -> str | None:
    precision = next(entry.target.precision for entry in record.targets if entry.name == target)
    return None if precision in study.params.train.grid.precision else precision


def twins(study: Study) -> list[str]:
    """Titles of datasets on which every pair of SVMs that differ in gamma `scale` or `auto` alone gives the same answers."""
    found = []
    for dataset, here in study.svms[study.svms["state"] == MEASURED].groupby("dataset", sort=False):
        same = ["kernel", "degree", "C"]
        pairs = here[here["gamma"] == "scale"].merge(here[here["gamma"] == "auto"], on=same)
        answers = [[study.svm[key].misclassified for key in pairs[side]] for side in ("key_x", "key_y")]
        if len(pairs) and answers[0] == answers[1]:
            found.append(study.title(dataset))
    return found


@dataclass(frozen=True)
class Scores:
    """How many published claims have which verdict, and how many contradict their own study's tables."""

    claims: int
    supported: int
    contradicted: int
    open: int
    unmeasured: int
    untestable: int
    own: int


def scores(study: Study) -> Scores:
    """Of all claims."""
    found = judged(study)
    number = Counter(claim.verdict for claim in found)
    return Scores(
        claims=len(found),
        supported=number[Verdict.SUPPORTED],
        contradicted=number[Verdict.CONTRADICTED],
        open=number[Verdict.OPEN],
        unmeasured=number[Verdict.UNMEASURED],
        untestable=number[Verdict.UNTESTABLE],
        own=sum(claim.own_agrees is False for claim in found),
    )


def facts(study: Study) -> dict[str, object]:
    """Everything that the templates say of networks and SVMs, of the fastest target, and of limits."""
    return {
        "contradictions": contradictions(study),
        "leaders": leaders(study),
        "settings": settings(study),
        "noise": noise.by_dataset(study),
        "thrifty": thrifty(study),
        "fastest": fastest(study),
        "weakest": classes.weakest(study),
        "misses": shared_errors.shared(study),
        "trends": trends.trends(study),
        "limits": limitations.limits(study),
        "scores": scores(study),
        "twins": twins(study),
        "fallen": overfitting.fallen(study),
    }
