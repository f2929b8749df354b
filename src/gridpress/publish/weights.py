"""`gridpress weights`: the network that validation chose, as a file that plain torchvision loads."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from safetensors.torch import load, save
from torch import Tensor, nn

from gridpress.checks.verify.compare import differences_between
from gridpress.checks.verify.tolerance import seed_noise, tolerance
from gridpress.config.params import Params, load_params
from gridpress.data.loading import Images, Splits
from gridpress.errors import GridpressError, InputError
from gridpress.files import write_bytes, write_text
from gridpress.networks import torchvision
from gridpress.pipeline.stages.images import study_images
from gridpress.progress import progress
from gridpress.publish.model_card import Card, Elsewhere
from gridpress.stats.inference import wilson
from gridpress.study import records
from gridpress.study.grid import TrainRun, train_runs
from gridpress.study.project import Project
from gridpress.study.records import Milestone, TrainRecord, TrainTiming
from gridpress.study.selection import State, leading_state, over_seeds
from gridpress.system.machine import describe
from gridpress.training import loop

V = TypeVar("V")


def export(project: Project, dataset: str, model: str, folder: Path) -> list[Path]:
    """Train the chosen network again up to its milestone, and write its weights and a card if it is the same.

    On another kind of machine than the record's, where the last bits differ, its test accuracy is held against
    the interval of `gridpress verify`, and the card tells both.

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
    _one_of("DATASET", dataset, params.datasets)
    _one_of("MODEL", model, params.train.grid.model)
    _can_hold_files(folder)
    study = recorded(project, params, dataset, model)
    choice = choose(study)
    run = train_runs(params)[choice.run.key]
    images, splits = study_images(project, params.data, dataset)
    session = train_again(run, params, images, splits, choice.milestone.epoch)
    milestone, elsewhere = confirm(project, choice, session, study)
    # one entry only: safetensors writes several in another order each time
    content = save(full_kernels(session.model, initial(run, params)), {"run": run.key})
    changed = _changed_answers(content, run, params, session, milestone)
    card = Card(
        run=run,
        milestone=milestone,
        record=choice.run,
        recorded=choice.milestone,
        elsewhere=elsewhere,
        params=params,
        pipeline=session.pipeline,
        changed=changed,
        commit=commit(project.root),
    )
    weights, text = (folder / f"{dataset}-{model}{suffix}" for suffix in (".safetensors", ".md"))
    write_bytes(weights, content)
    write_text(text, card.text(weights.name))
    return [weights, text]


def recorded(project: Project, params: Params, dataset: str, model: str) -> list[TrainRecord]:
    """The records of a network on a dataset.

    Raises:
        GridpressError: one is missing or cannot be read.
    """
    keys = (key for key, run in train_runs(params).items() if (run.dataset, run.model) == (dataset, model))
    return [records.load(TrainRecord, project.record("train", key)) for key in keys]


def choose(study: Sequence[TrainRecord]) -> State:
    """What validation chose among a model's configurations and milestones: of its seeds, again the best.

    Raises:
        GridpressError: no run has reached a milestone.
    """
    best = leading_state(over_seeds(study))
    if best is None:
        raise GridpressError(
            f"no run of {study[0].model} on {study[0].dataset} reached a milestone: there is nothing to export"
        )
    return best


def train_again(run: TrainRun, params: Params, images: Images, splits: Splits, epoch: int) -> loop.Run:
    """A run as it was at the end of an epoch, trained from the beginning."""
    session = loop.Run(run, params.train, getattr(params.optimizers, run.optimizer), images, splits)
    with progress(run.key, epoch * session.steps_per_epoch) as advance:
        while len(session.progress.history) < epoch and not session.finished:
            session.train_epoch(advance)
    return session


def confirm(
    project: Project, choice: State, session: loop.Run, study: Sequence[TrainRecord]
) -> tuple[Milestone, Elsewhere | None]:
    """The milestone that the trained network reached; with what allows it if it is not the recorded one.

    Raises:
        GridpressError: the trained network is not the one that its record describes.
    """
    stones = (Milestone.model_validate(stone) for stone in session.progress.milestones)
    reached = [stone for stone in stones if stone.epoch == choice.milestone.epoch]  # none if it diverged
    if reached == [choice.milestone]:
        return choice.milestone, None
    timing = project.timing("train", choice.run.key)
    there = records.load(TrainTiming, timing).machine if timing.is_file() else None
    device = session.device.type
    reasons = differences_between(there, describe(), device)
    if choice.run.device != device:
        reasons.append(f"the device was {choice.run.device}, here it is {device}")
    if reasons and reached:
        noise = seed_noise(choice.run, study, choice.milestone.epoch, "test_accuracy")
        allowed = tolerance(reached[0].test_accuracy, choice.run.test_samples, noise)
        if abs(reached[0].test_accuracy - choice.milestone.test_accuracy) <= allowed.half_width:
            return reached[0], Elsewhere(reasons, allowed)
    found = _accuracies(reached[0]) if reached else "a run that diverges"
    because = f"Another kind of machine does not explain it ({'; '.join(reasons)}).\n" if reasons else ""
    raise GridpressError(
        f"{choice.run.key} at epoch {choice.milestone.epoch}: the record has {_accuracies(choice.milestone)}; "
        f"trained again it gives {found}, or other misclassified images. Nothing was written.\n{because}"
        f"`gridpress verify {choice.run.key}` compares the whole record."
    )


def _accuracies(milestone: Milestone) -> str:
    names = ("validation_accuracy", "test_accuracy")
    return ", ".join(f"{name} {getattr(milestone, name)}" for name in names)


def initial(run: TrainRun, params: Params) -> nn.Module:
    """The network of a run before training, with its full kernels."""
    return torchvision.build(run.model, params.train.channels, run.seed)


def full_kernels(trained: nn.Module, untrained: nn.Module) -> dict[str, Tensor]:
    """The weights of a trained network in the shape of torchvision's, on the CPU.

    `models.keep_live_taps` drops the taps of a kernel that only ever see zero padding. Training would have
    left them as they were drawn, so they are taken from the network before training.

    Args:
        trained: perhaps without dead taps.
        untrained: the same network as it was drawn, with all of them.
    """
    state = {name: value.cpu().contiguous() for name, value in trained.state_dict().items()}
    whole = dict(untrained.named_modules())
    for name, module in trained.named_modules():
        full = whole[name]
        if isinstance(module, nn.Conv2d) and isinstance(full, nn.Conv2d):
            (top, left), (rows, columns) = _first_tap(full, module), module.kernel_size
            weight = full.weight.detach().clone()
            weight[:, :, top : top + rows, left : left + columns] = state[f"{name}.weight"]
            state[f"{name}.weight"] = weight
    return state


def _first_tap(full: nn.Conv2d, live: nn.Conv2d) -> tuple[int, int]:
    """Row and column at which a reduced kernel lies in the full one: padding shrinks with what it drops."""
    return int(full.padding[0]) - int(live.padding[0]), int(full.padding[1]) - int(live.padding[1])


def _changed_answers(
    content: bytes, run: TrainRun, params: Params, session: loop.Run, milestone: Milestone
) -> int:
    """How many test images the file's network answers otherwise than the recorded one, in float32.

    Full kernels are computed by other code than reduced ones, and half precision is not used here: the
    answer to an image on the border between two classes may change.

    Raises:
        GridpressError: more change than test images explain.
    """
    network = initial(run, params)
    network.load_state_dict(load(content))
    network.to(session.device).eval()
    test = session.splits.test
    images = (session.pixels[batch.to(session.pixels.device)] for batch in loop.evaluation_batches(test))
    answers = loop.predict(network, (session.pipeline(batch.to(session.device)) for batch in images))
    recorded = session.labels.cpu().numpy()[test]
    place = {image: number for number, image in enumerate(test.tolist())}
    recorded[[place[image] for image in milestone.misclassified.index]] = milestone.misclassified.predicted
    correct = int((answers == session.labels.cpu().numpy()[test]).sum())
    if wilson(milestone.test_accuracy * len(test), len(test)).excludes(correct / len(test)):
        raise GridpressError(
            f"{run.key}: the exported weights give a test accuracy of {correct / len(test)}, the record has "
            f"{milestone.test_accuracy}. Nothing was written."
        )
    return int((answers != recorded).sum())


def commit(root: Path) -> str:
    """The commit that a study stands at, and whether tracked files differ from it."""

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    try:
        head, changes = git("rev-parse", "HEAD"), git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "unknown: not in a Git repository"
    return f"{head} with local changes" if changes else head


def _can_hold_files(folder: Path) -> None:
    """Before minutes of training and not after them."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise InputError(f"--to is {folder}, but {there} is a file; name a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise InputError(f"--to is {folder}, but nothing may be written in {there}; name another folder")


def _one_of(name: str, value: str, allowed: list[V]) -> None:
    if value not in allowed:
        raise InputError(f"{name} is {value!r}; params.yaml has {', '.join(map(str, allowed))}")
