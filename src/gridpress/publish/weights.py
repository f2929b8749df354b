"""`gridpress weights`: a final model, or else the choice of the grid, as a file that torchvision loads."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from safetensors.torch import save

from gridpress.checks.verify.compare import differences_between
from gridpress.checks.verify.tolerance import seed_noise, tolerance
from gridpress.config.params import Params, load_params
from gridpress.config.values import Metric
from gridpress.errors import GridpressError, InputError
from gridpress.families.networks import NETWORKS
from gridpress.files import write_bytes, write_text
from gridpress.learning_curves.curves import NETWORK_CURVES, full_size
from gridpress.messages import not_allowed
from gridpress.pipeline.stages.train import start
from gridpress.progress import progress
from gridpress.publish.full_kernels import changed_answers, full_kernels
from gridpress.publish.model_card import Card, Elsewhere
from gridpress.results.selection import Candidate, best_seed, leading_seed, over_seeds
from gridpress.stages import AnyStage
from gridpress.study.grid import TrainRun, train_runs
from gridpress.study.project import Project
from gridpress.study.records import store
from gridpress.study.records.runs import Milestone, TrainRecord
from gridpress.system.git import commit
from gridpress.system.machine import Machine, describe
from gridpress.training import loop
from gridpress.training.preparation import untrained


def export(project: Project, dataset: str, model: str, folder: Path) -> list[Path]:
    """Train the network again up to its milestone, and write its weights and a card if it is the same.

    It is the final model, which was trained on all images; in a study without one, what validation chose.

    On another kind of machine than the record's, where the last bits differ, its test accuracy is held
    against the interval of `gridpress verify`, and the card tells both.

    Args:
        project: the study.
        dataset: one of the study.
        model: a network of its grid.
        folder: gets `DATASET-MODEL.safetensors` and `DATASET-MODEL.md`; made if it is not there.

    Raises:
        InputError: the study has no such dataset or model, or the folder can hold nothing.
        GridpressError: it has no result yet; or the network gives other results than its record says, or the
            file does: then nothing is written.
    """
    params = load_params(project.params)
    for name, value, allowed in (
        ("DATASET", dataset, params.datasets),
        ("MODEL", model, params.train.grid.model),
    ):
        if value not in allowed:
            raise InputError(not_allowed(name, value, allowed))
    _can_hold_files(folder)
    study = recorded(project, params, dataset, model)
    choice = choose(study, params.selection.metric)
    trained = choice.of
    run = train_runs(trained.params)[choice.run.key]
    session = train_again(project, trained, run, choice.milestone.epoch)
    milestone, elsewhere = confirm(choice, session, study)
    setup = session.setup
    classes = len(params.dataset(dataset).classes)
    drawn = untrained(setup, classes, setup.weights_file(project.root))
    # one entry only: safetensors writes several in another order each time
    content = save(full_kernels(session.model, drawn), {"run": trained.name})
    changed = changed_answers(content, drawn, session, milestone.test)
    card = Card(
        name=trained.name,
        run=run,
        chosen_with=params.used(dataset)["train"] if trained.final else None,
        milestone=milestone,
        record=choice.run,
        recorded=choice.milestone,
        elsewhere=elsewhere,
        params=trained.params,
        pipeline=session.pipeline,
        changed=changed,
        commit=commit(project.root) or "unknown: not in a Git repository",
    )
    weights, text = (folder / f"{dataset}-{model}{suffix}" for suffix in (".safetensors", ".md"))
    write_bytes(weights, content)
    write_text(text, card.text(weights.name))
    return [weights, text]


class Trained(NamedTuple):
    """A recorded training run.

    Attributes:
        name: of the run of its stage, as DVC names it.
        record: of the training.
        params: that decided it.
        machine: on which it was trained; None where nothing says so.
        final: it is a final model.
    """

    name: str
    record: TrainRecord
    params: Params
    machine: Machine | None
    final: bool = False


def recorded(project: Project, params: Params, dataset: str, model: str) -> list[Trained]:
    """The final models of a network on a dataset, or else all of its runs in the grid.

    Raises:
        GridpressError: a record is missing or cannot be read.
    """
    for stage in (NETWORK_CURVES, NETWORKS):
        runs = stage.runs(params)
        keys = full_size(NETWORK_CURVES, params) if stage is NETWORK_CURVES else runs
        here = [runs[key] for key in keys if (runs[key].dataset, runs[key].model) == (dataset, model)]
        if found := [one for run in here for one in _recorded(project, params, stage, run)]:
            return found
    return []


def _recorded(project: Project, params: Params, stage: AnyStage, run: Any) -> Iterator[Trained]:
    record = store.load(stage.record, stage.record_path(project, run.key))
    timing = stage.timing_path(project, run.key)
    machine = store.load(stage.timing, timing).machine if timing.is_file() else None
    for member, result in zip(stage.members(run, params, project), stage.results(record), strict=True):
        if isinstance(result, TrainRecord):
            yield Trained(f"{stage.stage}@{run.key}", result, member.params, machine, stage is NETWORK_CURVES)


class Choice(NamedTuple):
    """The training run whose weights are exported, and the milestone at which they are taken.

    `state` is how `Tested.epoch` names it, which is another epoch where training stopped early.
    """

    of: Trained
    milestone: Milestone
    state: int | None

    @property
    def run(self) -> TrainRecord:
        return self.of.record


def choose(study: Sequence[Trained], metric: Metric) -> Choice:
    """What validation chose among a network's configurations and milestones: of its seeds, again the best.

    A final model is taken after its last epoch.

    Raises:
        GridpressError: no run has reached a milestone.
    """
    records = [one.record for one in study]
    if study[0].final:
        seeds = [Candidate(record, NETWORKS.tested(record)[-1]) for record in records if record.milestones]
        best = best_seed(seeds, metric) if seeds else None
    else:
        best = leading_seed(over_seeds(records), metric)
    if best is None:
        asked = f"{study[0].record.model} on {study[0].record.dataset}"
        raise GridpressError(f"no run of {asked} reached a milestone: there is nothing to export")
    record, tested = best
    milestone = next(found for found in record.milestones if found.test is tested.test)
    return Choice(next(one for one in study if one.record is record), milestone, tested.epoch)


def train_again(project: Project, trained: Trained, run: TrainRun, epoch: int) -> loop.Session:
    """A run as it was at the end of an epoch, trained from the beginning."""
    session = start(project, trained.params, run)
    with progress(trained.name, epoch * session.steps_per_epoch) as advance:
        while len(session.progress.history) < epoch and not session.finished:
            session.train_epoch(advance)
    return session


def confirm(
    choice: Choice, session: loop.Session, study: Sequence[Trained]
) -> tuple[Milestone, Elsewhere | None]:
    """The milestone that the trained network reached; with what allows it if it is not the recorded one.

    Raises:
        GridpressError: the trained network is not the one that its record describes.
    """
    milestones = [Milestone.model_validate(milestone) for milestone in session.progress.milestones]
    # none if it diverged, or if early stopping keeps another epoch
    reached = [milestone for milestone in milestones if milestone.epoch == choice.milestone.epoch]
    if reached == [choice.milestone]:
        return choice.milestone, None
    device = session.device.type
    reasons = differences_between(choice.of.machine, describe(), device)
    if choice.run.device != device:
        reasons.append(f"the device was {choice.run.device}, here it is {device}")
    if reasons and reached:
        noise = seed_noise(choice.run, [one.record for one in study], choice.state, "test")
        allowed = tolerance(reached[0].test.accuracy, choice.run.test_samples, noise)
        if abs(reached[0].test.accuracy - choice.milestone.test.accuracy) <= allowed.half_width:
            return reached[0], Elsewhere(reasons, allowed)
    because = "Another kind of machine does not explain it"
    if reached:
        found = f"{_accuracies(reached[0])}, or other misclassified images"
    elif session.progress.diverged_at_epoch is not None:
        found = "a run that diverges"
    else:
        found = f"a run whose best epoch until then is {milestones[-1].epoch}"
        because = "On another kind of machine early stopping may keep another epoch"
    raise GridpressError(
        f"{choice.of.name} at epoch {choice.milestone.epoch}: "
        f"the record has {_accuracies(choice.milestone)}; "
        f"trained again it gives {found}. Nothing was written.\n"
        + (f"{because} ({'; '.join(reasons)}).\n" if reasons else "")
        + f"`gridpress verify {choice.of.name}` compares the whole record."
    )


def _accuracies(milestone: Milestone) -> str:
    return f"validation accuracy {milestone.validation.accuracy}, test accuracy {milestone.test.accuracy}"


def _can_hold_files(folder: Path) -> None:
    """Before minutes of training and not after them."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise InputError(f"--to is {folder}, but {there} is a file; name a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise InputError(f"--to is {folder}, but nothing may be written in {there}; name another folder")
