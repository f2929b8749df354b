"""Training of one configuration: arrays and parameters in, accuracies out, the same bytes every time.

The images of a run lie in memory as one uint8 tensor; nothing is decoded in the loop, and the host waits
for the device once an epoch.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from gridpress.data.loading import Images
from gridpress.data.splits import Splits
from gridpress.evaluation.evaluate import evaluate, softmax
from gridpress.system.clock import clock_for, read
from gridpress.training.augmentation import augment
from gridpress.training.devices import autocast, be_deterministic, find_device
from gridpress.training.early_stopping import best_epoch, is_over
from gridpress.training.milestones import tested_at
from gridpress.training.optimizers import make_optimizer
from gridpress.training.prediction import evaluation_batches, predict
from gridpress.training.preparation import fastest_form, input_pipeline, untrained
from gridpress.training.schedules import factor
from gridpress.training.setup import Setup

VALIDATION = ("accuracy", "balanced_accuracy", "macro_f1", "log_loss")  # kept of every epoch


@dataclass
class Progress:
    """What a run has produced so far; with model and optimizer it is what a checkpoint holds."""

    history: list[dict[str, Any]] = field(default_factory=list)
    milestones: list[dict[str, Any]] = field(default_factory=list)
    training_seconds: list[float] = field(default_factory=list)
    evaluation_seconds: list[float] = field(default_factory=list)
    diverged_at_epoch: int | None = None
    resumed_at_epoch: int | None = None


class _Evaluated(NamedTuple):
    """An epoch as a record holds it, and the milestone where it is one."""

    epoch: dict[str, Any]
    milestone: dict[str, Any] | None


class Session:
    """One training run: its network, its optimizer and its images on the device.

    Args:
        setup: of the run.
        images: of the run's dataset.
        splits: which of them to use.
        weights: the file of pretrained weights, where the recipe names one.

    Raises:
        InputError: the machine lacks the device; or as `preparation.untrained`.
        GridpressError: as `preparation.untrained`.
    """

    def __init__(self, setup: Setup, images: Images, splits: Splits, weights: Path | None = None) -> None:
        self.setup = setup
        self.run, self.settings, self.recipe = setup.run, setup.settings, setup.recipe
        self.splits = splits
        self.device = find_device(self.settings.device)
        self.clock = clock_for(self.device.type, self.settings.threads)
        be_deterministic(self.settings.threads)
        model = untrained(setup, images.classes, weights)
        layout = fastest_form(model, setup, self.device)
        self.pipeline = input_pipeline(setup, images, splits, layout)
        self.model = model.to(self.device).to(memory_format=layout)
        fp16 = self.run.precision == "fp16"
        rate = self.run.learning_rate
        self.optimizer = make_optimizer(self.model, setup.optimizer, rate, fused=not fp16)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=fp16)
        home = self.device if self.run.data_memory == "device" else torch.device("cpu")
        self.pixels = torch.from_numpy(images.pixels).to(home)
        self.truth = images.labels
        self.labels = torch.from_numpy(images.labels).long().to(home)
        self.class_weights = self._class_weights(images)
        self.progress = Progress()

    def _class_weights(self, images: Images) -> Tensor | None:
        """In inverse proportion to the training images of each class, 1 on average over these images.

        0 for a class without any, which label smoothing would count else.
        """
        if self.recipe.class_weight == "none":
            return None
        counts = np.bincount(images.labels[self.splits.train], minlength=images.classes)
        weights = np.where(counts > 0, counts.sum() / ((counts > 0).sum() * np.maximum(counts, 1)), 0.0)
        return torch.from_numpy(weights).float().to(self.device)

    @property
    def steps_per_epoch(self) -> int:
        return len(self._batches(epoch=1))

    @property
    def finished(self) -> bool:
        done = len(self.progress.history) == self.settings.epochs
        return done or self.progress.diverged_at_epoch is not None or self._stops

    @property
    def stopped(self) -> int | None:
        """The epoch that early stopping keeps so far; None without early stopping."""
        rule = self.recipe.early_stopping
        return None if rule == "none" else best_epoch(rule, self.progress.history)

    @property
    def _stops(self) -> bool:
        rule = self.recipe.early_stopping
        return rule != "none" and is_over(rule, self.progress.history)

    def train_epoch(self, on_step: Callable[[], None]) -> None:
        """One epoch of optimisation and its evaluation; a number that is not finite ends the run."""
        epoch = len(self.progress.history) + 1
        begin = read(self.clock)
        loss = self._optimise(epoch, on_step)
        trained = read(self.clock)
        finite = np.isfinite(loss) and self._weights_are_finite()
        found = self._evaluate(epoch, loss) if finite else None
        if found is None:
            self.progress.diverged_at_epoch = epoch
            return
        self.progress.history.append(found.epoch)
        if found.milestone is not None:
            if self.recipe.early_stopping != "none":
                self.progress.milestones.clear()  # of an epoch that was the best until now
            self.progress.milestones.append(found.milestone)
        self.progress.training_seconds.append(trained - begin)
        self.progress.evaluation_seconds.append(read(self.clock) - trained)

    def _batches(self, epoch: int) -> list[Tensor]:
        """The training images of an epoch in an order of this run's own, as indices per step."""
        order = np.random.default_rng(self.setup.seed("order", epoch)).permutation(self.splits.train)
        batches = torch.split(torch.from_numpy(order), self.run.batch_size)
        # BatchNorm has no variance over a single 1x1 map
        return [batch for batch in batches if len(batch) > 1]

    def _optimise(self, epoch: int, on_step: Callable[[], None]) -> float:
        torch.manual_seed(self.setup.seed("dropout", epoch))
        changes = torch.Generator().manual_seed(self.setup.seed("augmentation", epoch))
        self.model.train()
        total = torch.zeros((), device=self.device)
        seen = 0
        batches = self._batches(epoch)
        for number, batch in enumerate(batches):
            self._set_learning_rate((epoch - 1) * len(batches) + number, len(batches))
            pixels, labels = self._load(batch)
            images = self.pipeline(pixels)
            if self.recipe.augmentation != "none":
                images = augment(images, self.recipe.augmentation, changes)
            with autocast(self.device, self.run.precision):
                loss = functional.cross_entropy(
                    self.model(images),
                    labels,
                    weight=self.class_weights,
                    label_smoothing=self.recipe.label_smoothing,
                )
            self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            self.scaler.step(self.optimizer)
            self.scaler.update()
            self.optimizer.zero_grad(set_to_none=True)
            total += loss.detach() * len(batch)
            seen += len(batch)
            on_step()
        return total.item() / seen

    def _set_learning_rate(self, step: int, steps_per_epoch: int) -> None:
        steps = self.settings.epochs * steps_per_epoch
        share = factor(self.recipe.schedule, step, steps, steps_per_epoch)
        for group in self.optimizer.param_groups:
            group["lr"] = self.run.learning_rate * share

    def _load(self, batch: Tensor) -> tuple[Tensor, Tensor]:
        batch = batch.to(self.pixels.device)
        pixels, labels = self.pixels[batch], self.labels[batch]
        if self.run.data_memory == "pinned" and self.device.type == "cuda":
            pixels, labels = pixels.pin_memory(), labels.pin_memory()
        pinned = self.run.data_memory == "pinned"
        return pixels.to(self.device, non_blocking=pinned), labels.to(self.device, non_blocking=pinned)

    def _weights_are_finite(self) -> bool:
        return all(bool(parameter.isfinite().all()) for parameter in self.model.parameters())

    def _evaluate(self, epoch: int, loss: float) -> _Evaluated | None:
        """The state after an epoch; None where the network gives logits that are not finite."""
        train = self._logits(self.splits.train_eval)
        validation = self._evaluation(self.splits.validation)
        if validation is None or not np.isfinite(train).all():
            return None
        right = train.argmax(axis=1) == self.truth[self.splits.train_eval]
        accuracy = {"train_accuracy": int(right.sum()) / len(right)}
        of_validation = {f"validation_{metric}": validation[metric] for metric in VALIDATION}
        state = {"epoch": epoch, "loss": loss, **accuracy, **of_validation}
        if not self._is_milestone(state):
            return _Evaluated(state, None)
        test = self._evaluation(self.splits.test)
        if test is None:
            return None
        return _Evaluated(state, {"epoch": epoch, **accuracy, "validation": validation, "test": test})

    def _is_milestone(self, state: dict[str, Any]) -> bool:
        """Whether the network is tested now; with early stopping, whenever it is the best until now."""
        rule = self.recipe.early_stopping
        if rule == "none":
            return int(state["epoch"]) in tested_at(self.settings, self.recipe)
        return best_epoch(rule, [*self.progress.history, state]) == int(state["epoch"])

    def _evaluation(self, index: np.ndarray) -> dict[str, Any] | None:
        logits = self._logits(index)
        return evaluate(index, self.truth, softmax(logits)) if np.isfinite(logits).all() else None

    def _logits(self, index: np.ndarray) -> np.ndarray:
        self.model.eval()
        with autocast(self.device, self.run.precision):
            batches = (self.pipeline(self._load(batch)[0]) for batch in evaluation_batches(index))
            return predict(self.model, batches)

    def state(self) -> bytes:
        """All that `resume` needs to go on as if nothing had happened."""
        content = io.BytesIO()
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "progress": vars(self.progress),
        }
        torch.save(state, content)
        return content.getvalue()

    def resume(self, state: bytes) -> None:
        """Go on from the state of this very run; no code that it may hold is run."""
        content = torch.load(io.BytesIO(state), map_location=self.device, weights_only=True)
        self.model.load_state_dict(content["model"])
        self.optimizer.load_state_dict(content["optimizer"])
        self.scaler.load_state_dict(content["scaler"])
        self.progress = Progress(**content["progress"])
        self.progress.resumed_at_epoch = len(self.progress.history) + 1
